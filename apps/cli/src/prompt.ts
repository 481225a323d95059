import { createInterface } from 'node:readline';
import type { Arguments } from './arguments';
import type { Chat } from './chat';

/** A line, an answer, the next line; until Ctrl-D or /quit. */
export async function prompt(chat: Chat, before: Arguments): Promise<void> {
  process.stdout.write(
    `You are ${before.owner} as owner, ${before.member} as member. /help says what there is.\n`,
  );
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  input.prompt();
  for await (const line of input) {
    if (/^\/(quit|q|exit)$/.test(line.trim())) break;
    if (line.trim()) await chat.carryOut([line], before, input);
    input.prompt();
  }
  input.close();
}
