/** `npm run verify`: every gate in turn, one line each, whatever fails; `npm run verify -- lint types` runs those alone. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

const bin = (path) => [process.execPath, join(root, 'node_modules', path)];
const prettier = bin('prettier/bin/prettier.cjs');
const nx = bin('nx/dist/bin/nx.js');
const tsc = bin('typescript/bin/tsc');
const knip = [...bin('knip/bin/knip.js'), '--no-progress', '--no-config-hints'];
const program = (path) => [process.execPath, join(root, path)];

/** name, what it means when it fails, the commands */
const gates = [
  ['format', 'Run npm run format.', [...prettier, '--check', '.']],
  ['lint', '', [...nx, 'run-many', '-t', 'lint', '--output-style=static']],
  ['types', '', [...tsc, '-b'], [...tsc, '-p', 'tsconfig.spec.json']],
  ['cycles', 'Files import each other in a circle.', [...knip, '--cycles']],
  ['dead', 'Nobody uses these: remove them, or the word export.', [...knip, '--exclude', 'cycles']],
  [
    'documents',
    'Run npm run docs and commit what it wrote.',
    [...program('libs/protocol/dist/main.js'), '--check'],
  ],
  ['tests', '', program('tools/test.mjs')],
];

const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0' };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !gates.some(([gate]) => gate === name));

if (unknown.length > 0) {
  console.error(
    `There is no gate ${unknown.join(', ')}; there are ${gates.map(([name]) => name).join(', ')}.`,
  );
  process.exitCode = 1;
} else {
  const built = bootstrap();
  if (!built && !existsSync(join(root, 'node_modules/nx'))) process.exit(1);
  const failed = gates
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .filter((gate) => !passes(gate))
    .map(([name]) => name);
  if (!built) failed.unshift('build');
  if (failed.length > 0) {
    console.error(`Not verified: ${failed.join(', ')}.`);
    process.exitCode = 1;
  }
}

/** The words of a gate are shown when it fails; the tests, which take long, speak for themselves as they run. */
function passes([name, advice, ...commands]) {
  const started = Date.now();
  let words = '';
  const good = commands.every(([command, ...args]) => {
    const stdio = name === 'tests' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const done = spawnSync(command, args, { cwd: root, env, stdio, encoding: 'utf8', maxBuffer: 1 << 28 });
    words += `${done.stdout ?? ''}${done.stderr ?? ''}`;
    return done.status === 0;
  });
  const time = `${((Date.now() - started) / 1000).toFixed(1)} s`.padStart(8);
  console.log(`${good ? 'ok    ' : 'FAILED'} ${name.padEnd(10)}${time}`);
  if (!good) console.error([words.trim(), advice].filter((part) => part !== '').join('\n\n'));
  return good;
}
