import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

const args = process.argv.slice(2);
const total = { passed: 0, failed: 0 };

if (bootstrap()) {
  await suite('jest.config.js');
  await suite('apps/e2e/jest.config.js');
} else {
  total.failed += 1;
}
if (total.failed > 0) process.exitCode = 1;
console.log(`${total.passed} passed, ${total.failed} failed`);

/** Runs one jest configuration and adds what it counted; a suite that could not run at all is one failure. */
async function suite(config) {
  if (!existsSync(join(root, config))) return;
  const folder = mkdtempSync(join(tmpdir(), 'chat-relays-results-'));
  const report = join(folder, 'report.json');
  const jest = [
    join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    join(root, config),
    '--passWithNoTests',
  ];
  const status = await run([...jest, '--json', `--outputFile=${report}`, ...args]);
  const counted = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  rmSync(folder, { recursive: true });
  const failed = (counted.numFailedTests || 0) + (counted.numRuntimeErrorTestSuites || 0);
  total.passed += counted.numPassedTests || 0;
  total.failed += failed === 0 && status !== 0 ? 1 : failed;
}

/** The status of a Node program, which gets the signals that we get. */
function run(parameters) {
  const child = spawn(process.execPath, parameters, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const stop = (signal) => {
    child.kill(signal);
    child.once('close', () => process.exit(1));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach((signal) => process.on(signal, stop));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      signals.forEach((signal) => process.off(signal, stop));
      resolve(code ?? 1);
    });
  });
}
