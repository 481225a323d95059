import { Coverage, type Counts } from '../judges/coverage';
import { type Plan, pointsOf } from './plan';
import { type Range, type RangeResult, runRange, type Runner, runRanges } from './ranges';

const nothing: Counts = { rows: new Map(), crashes: new Map() };
const plan: Plan = { protocol: 'full', size: { relays: 1, members: 1, messages: 1 }, without: [] };

/** Runners of different speed, for which these seeds go wrong; and what they were given. */
function slowRunners(count: number, wrong: readonly number[]): { runners: Runner[]; ran: Range[] } {
  const ran: Range[] = [];
  const runners = Array.from({ length: count }, (_, n): Runner => async (range): Promise<RangeResult> => {
    ran.push(range);
    for (let turn = 0; turn < 10 * (count - n); turn++) await Promise.resolve();
    const failed = wrong.find((seed) => seed >= range.first && seed < range.first + range.runs);
    return failed === undefined ? nothing : { ...nothing, failed };
  });
  return { runners, ran };
}

describe('a range of seeds', () => {
  it.each([1, 2, 3, 8])('has the same first failure for %s runners', async (count) => {
    const { runners } = slowRunners(count, [47, 33, 58]);
    const coverage = new Coverage('full', []);
    expect(await runRanges({ first: 10, runs: 90 }, runners, coverage, 7)).toBe(33);
  });

  it.each([1, 3])('is run once and whole by %s runners', async (count) => {
    const { runners, ran } = slowRunners(count, []);
    expect(await runRanges({ first: 5, runs: 23 }, runners, new Coverage('full', []), 5)).toBeUndefined();
    const seeds = ran.flatMap(({ first, runs }) => Array.from({ length: runs }, (_, n) => first + n));
    expect(seeds.sort((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, n) => 5 + n));
  });

  it('fails when a runner does', async () => {
    const broken: Runner = () => Promise.reject(new Error('a thread died'));
    const range = { first: 1, runs: 2 };
    await expect(runRanges(range, [broken], new Coverage('full', []))).rejects.toThrow('a thread died');
  });

  it('reaches the same in parts as in one', async () => {
    const points = await pointsOf('full');
    const names = [...points.keys()].sort();
    const tables = [];
    for (const taken of [20, 3]) {
      const coverage = new Coverage('full', names);
      const runner: Runner = (range) => runRange(range, plan, points);
      expect(await runRanges({ first: 1, runs: 20 }, [runner, runner], coverage, taken)).toBeUndefined();
      tables.push(coverage.table());
    }
    expect(tables[0]).toBe(tables[1]);
    expect(tables[0]).toMatch(/^rows fired: [1-9]/);
  });
});
