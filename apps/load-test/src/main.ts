import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BusUnreachable, RequestFailed } from '@chat-relays/bus';
import { onInterrupt, runProgram, SetupError } from '@chat-relays/tools';
import { ownGround, runningGround, Undoing } from './ground';
import { loadTest } from './load-test';
import { type Plan, readPlan } from './plan';
import { isExact, reportLines, reportOf } from './report';

void runProgram(async (args) => {
  const plan = readPlan(args);
  ensureWritable(plan);
  const undoing = new Undoing();
  const uninterrupted = onInterrupt(() => undoing.run());
  try {
    const started = performance.now();
    const ground = await (plan.running ? runningGround : ownGround)(plan, undoing);
    const start = (performance.now() - started) / 1000;
    const measured = await loadTest(plan, ground, process.stdout);
    const report = reportOf({ ...measured, seconds: { ...measured.seconds, start } });
    console.log(`\n${reportLines(report).join('\n')}`);
    if (plan.json) {
      writeFileSync(plan.json, `${JSON.stringify(report, null, 2)}\n`);
      console.log(`\n  report: ${plan.json}`);
    }
    return isExact(report) ? 0 : 1;
  } catch (error) {
    if (error instanceof RequestFailed || error instanceof BusUnreachable)
      throw new SetupError(error.message);
    throw error;
  } finally {
    await undoing.run();
    uninterrupted();
  }
});

/** Before minutes of work, not after them. */
function ensureWritable({ json }: Plan): void {
  if (!json) return;
  try {
    accessSync(dirname(resolve(json)), constants.W_OK);
  } catch {
    throw new SetupError(`--json ${json}: there is no folder that can be written to.`);
  }
}
