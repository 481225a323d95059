import { Coverage, type Counts } from '../judges/coverage';
import { type Plan, plannedScenario } from './plan';
import { run } from './run';

/** Seeds in a row. */
export interface Range {
  readonly first: number;
  readonly runs: number;
}

/** What becomes of a range. */
export interface RangeResult extends Counts {
  /** the first seed that went wrong; those after it were not run */
  readonly failed?: number;
}

/** Whoever runs one range after the other. */
export type Runner = (range: Range) => Promise<RangeResult>;

/** Seeds that a worker takes at once: enough that handing them out costs nothing, few enough that workers end together. */
const TAKEN = 25;

export async function runRange(
  { first, runs }: Range,
  plan: Plan,
  points: ReadonlyMap<string, number>,
): Promise<RangeResult> {
  const coverage = new Coverage(plan.protocol, []);
  for (let seed = first; seed < first + runs; seed++) {
    const { problems, faults } = await run(plannedScenario(seed, plan, points));
    coverage.add(faults);
    if (problems.length > 0) return { ...coverage.counts, failed: seed };
  }
  return coverage.counts;
}

/**
 * All seeds of a range, by as many runners as there are. Answers the lowest seed that went wrong, which is the same
 * however many they are: parts are taken in order, and a part that was taken is finished.
 */
export async function runRanges(
  { first, runs }: Range,
  runners: readonly Runner[],
  coverage: Pick<Coverage, 'addCounts'>,
  taken = TAKEN,
): Promise<number | undefined> {
  const end = first + runs;
  let next = first;
  let failed: number | undefined;
  const work = async (runner: Runner): Promise<void> => {
    while (next < end && failed === undefined) {
      const part = { first: next, runs: Math.min(taken, end - next) };
      next += part.runs;
      const result = await runner(part);
      coverage.addCounts(result);
      if (result.failed !== undefined) failed = Math.min(failed ?? Infinity, result.failed);
    }
  };
  await Promise.all(runners.map(work));
  return failed;
}
