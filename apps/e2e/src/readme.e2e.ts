import { spawn } from 'node:child_process';
import { repositoryRoot } from '@chat-relays/tools';

/** In their smallest forms. `npm start` is left out: it installs and builds under the tests; what it runs is tested here, too. */
const commands: [command: string, says: RegExp][] = [
  ['load -- --members 5 --messages 5 --relays 2', /^ {2}lost +0$/m],
  ['sim -- --runs 50 --seed 7', /^all ended well/m],
  ['compare -- --runs 1 --protocols paired --delays 0', /^paired +tables( +\d+)+\n +trace( +\d+)+$/m],
];

describe('what the README says to run', () => {
  it.each(commands)('npm run %s', async (command, says) => {
    const { code, words } = await run('npm', ['run', '--silent', ...command.split(' ')]);
    expect(words).toMatch(says);
    expect(code).toBe(0);
  });
});

/** A terminal of its own: nothing of what jest and npm told us is told on. */
function run(
  program: string,
  parameters: readonly string[],
): Promise<{ code: number | null; words: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|JEST_|NODE_ENV|NODE_OPTIONS)/.test(name)),
  );
  const child = spawn(program, parameters, { cwd: repositoryRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (words += String(part)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, words })));
}
