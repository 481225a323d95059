import { readArguments } from './arguments';
import { Chat, exitCodes } from './chat';
import { Mistake } from './command';
import { prompt } from './prompt';

async function main(argv: readonly string[]): Promise<number> {
  const chat = new Chat();
  try {
    const before = readArguments(argv);
    if (before.line) return await chat.carryOut(argv);
    if (!process.stdin.isTTY) return await chat.carryOut(['/help']);
    await prompt(chat, before);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.mistaken;
  } finally {
    await chat.close();
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
