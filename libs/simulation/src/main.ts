import type { ProtocolName } from '@chat-relays/protocol';
import { argumentsOf, ArgumentError, type Arguments } from './runs/arguments';
import { Coverage } from './judges/coverage';
import { type Plan, plannedScenario, pointsOf } from './runs/plan';
import { runRanges } from './runs/ranges';
import { replayOf } from './runs/replay';
import { shrink } from './runs/shrink';
import { WorkerThreads } from './runs/worker-threads';

/** `npm run sim`: many seeded channels with faults; the first one that goes wrong is told in full. */
async function main(args: Arguments): Promise<number> {
  const pointsOfEach = new Map<ProtocolName, ReadonlyMap<string, number>>();
  for (const protocol of args.protocols) pointsOfEach.set(protocol, await pointsOf(protocol));
  for (const { point } of args.crashes ?? []) {
    if ([...pointsOfEach.values()].some((points) => points.has(point))) continue;
    throw new ArgumentError(
      `--crash ${point}: there is no such failpoint; a run of npm run sim lists them all.`,
    );
  }
  const threads = new WorkerThreads(Math.min(args.workers, args.runs));
  try {
    for (const [protocol, points] of pointsOfEach) {
      if (!(await endsWell({ ...args, protocol }, points, threads))) return 1;
    }
  } finally {
    await threads.end();
  }
  return 0;
}

async function endsWell(
  { runs, seed: first, protocol, size, without, crashes }: Arguments & Plan,
  points: ReadonlyMap<string, number>,
  threads: WorkerThreads,
): Promise<boolean> {
  const plan: Plan = { protocol, size, without, ...(crashes && { crashes }) };
  const coverage = new Coverage(protocol, [...points.keys()].sort());
  console.log(`${runs} runs of ${protocol}, seeds ${first} to ${first + runs - 1}`);
  const started = performance.now();
  const failed = await runRanges({ first, runs }, threads.runners(plan, points), coverage);
  if (failed !== undefined) {
    await tell(failed, plan, points);
    return false;
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(coverage.table());
  console.log(`all ended well, ${(runs / seconds).toFixed(0)} runs/s`);
  return true;
}

/** How to see the run again, and the shortest story that goes wrong with its seed. */
async function tell(seed: number, plan: Plan, points: ReadonlyMap<string, number>): Promise<void> {
  const whole = replayOf(plannedScenario(seed, plan, points), plan.without);
  const failure = await shrink(seed, plan, points);
  if (!failure) throw new Error(`${whole}\nwent wrong once and not again`);
  const { problems, story } = failure.result;
  const smallest = replayOf(failure.scenario, failure.plan.without);
  console.log(
    [whole, ...(smallest === whole ? [] : ['shrunk to', smallest]), ...problems, '', story()].join('\n'),
  );
}

async function start(): Promise<void> {
  try {
    process.exitCode = await main(argumentsOf(process.argv.slice(2), Date.now() & 0x3fffffff));
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

void start();
