import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Arrow } from './documents/arrow';
import { documents } from './documents/documents';

/** `npm run docs` writes docs/protocol; with `--check` it writes nothing and names what differs. */
function main(root: string, args: readonly string[]): number {
  const unknown = args.find((arg) => arg !== '--check');
  if (unknown !== undefined) {
    console.error(`npm run docs knows --check and nothing else, not "${unknown}".`);
    return 2;
  }
  const { arrows } = JSON.parse(readFileSync(join(root, 'vectors/rfc-steps.json'), 'utf8')) as {
    arrows: Arrow[];
  };
  const folder = join(root, 'docs/protocol');
  let stale = 0;
  for (const [name, text] of Object.entries(documents(arrows))) {
    const file = join(folder, name);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale += 1;
    if (args.length > 0) console.error(`docs/protocol/${name} is not what the tables generate.`);
    else {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
      console.log(`docs/protocol/${name} written.`);
    }
  }
  return args.length > 0 && stale > 0 ? 1 : 0;
}

process.exitCode = main(resolve(__dirname, '../../..'), process.argv.slice(2));
