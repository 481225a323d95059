import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';
import { runMain } from './run-main.mjs';

if (bootstrap()) runMain(join(root, 'tools/dist/demo.js'), process.argv.slice(2));
else process.exitCode = 1;
