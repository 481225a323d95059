import { argumentsOf, ArgumentError, type Arguments } from './arguments';
import { Coverage } from './coverage';
import { pointsOf, scenarioOf } from './plan';
import { replayOf } from './replay';
import { run } from './run';

/** `npm run sim`: many seeded channels with faults; the first one that goes wrong is told in full. */
async function main({ runs, seed: first, protocol, size, crash }: Arguments): Promise<number> {
  const points = await pointsOf(protocol);
  if (crash && !points.has(crash.point)) {
    throw new ArgumentError(
      `--crash ${crash.point}: there is no such failpoint; a run of npm run sim lists them all.`,
    );
  }
  const coverage = new Coverage(protocol, [...points.keys()].sort());
  console.log(`${runs} runs of ${protocol}, seeds ${first} to ${first + runs - 1}`);
  const started = performance.now();
  for (let seed = first; seed < first + runs; seed++) {
    const planned = scenarioOf(seed, protocol, points, size);
    const scenario = crash ? { ...planned, faults: { ...planned.faults, crash } } : planned;
    const { problems, story, faults } = await run(scenario);
    coverage.add(faults);
    if (problems.length === 0) continue;
    console.log([replayOf(scenario), ...problems, '', story()].join('\n'));
    return 1;
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(coverage.table());
  console.log(`all ended well, ${(runs / seconds).toFixed(0)} runs/s`);
  return 0;
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
