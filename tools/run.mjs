import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';
import { runMain } from './run-main.mjs';

const [project, ...args] = process.argv.slice(2);
const main = join(root, project || '.', 'dist/main.js');

if (!project) fail('Name a project: node tools/run.mjs apps/cli <arguments>');
else if (!bootstrap()) process.exitCode = 1;
else if (!existsSync(main)) fail(`${project} has no src/main.ts.`);
else {
  if (project === 'apps/cli') await joinRunning();
  runMain(main, args);
}

/** A command speaks to what `npm start -- --keep` runs, unless NATS_URL names another place. */
async function joinRunning() {
  if (process.env.NATS_URL) return;
  const { default: folder } = await import('./dist/data-folder.js');
  const running = folder.runningNote(folder.defaultDataFolder());
  if (running?.natsUrl) process.env.NATS_URL = running.natsUrl;
}

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
