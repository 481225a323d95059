import type { Contender, Result } from './contender';
import { readPlan } from './plan';
import { isExact, reportLines, reportOf } from './report';

const about = { promises: '', times: 1, open: () => Promise.reject(new Error('not here')) };
const core: Contender = { ...about, key: 'core', name: 'NATS core', baseline: true };
const smp: Contender = {
  ...about,
  key: 'smp',
  name: 'SMP server',
  baseline: false,
  marks: [
    { of: 'core', ratio: 0.2 },
    { of: 'absent', ratio: 2 },
  ],
};

const round = (seconds: number, more: Partial<Result['counts']> = {}): Result => ({
  counts: { expected: 100, received: 100, lost: 0, duplicated: 0, reordered: 0, strange: 0, ...more },
  seconds,
  cpu: [
    { process: 'sender', seconds: 0.001 },
    { process: 'postgres', seconds: 0.002 },
  ],
  notes: [`  a round of ${seconds} s`],
});

const report = (...results: readonly Result[]) => reportAfter(round(9), results);
const reportAfter = (warmUp: Result, results: readonly Result[]) =>
  reportOf(readPlan([], []), [
    {
      contender: core,
      warmUp: round(9),
      results: [round(1), round(2), round(4)].map((result) => ({ ...result, notes: [] })),
    },
    { contender: smp, warmUp, results },
  ]);

describe('reportOf', () => {
  const { lines } = report(round(8), round(10), round(16));

  it('takes the middle round', () => {
    expect(lines.map(({ perSecond }) => perSecond)).toEqual([
      { median: 50, least: 25, most: 100 },
      { median: 10, least: 6.25, most: 12.5 },
    ]);
  });

  it('has CPU for each message that came, over all rounds', () => {
    expect([...lines[1].microseconds]).toEqual([
      ['sender', expect.closeTo(10)],
      ['postgres', expect.closeTo(20)],
    ]);
  });
});

describe('isExact', () => {
  it('minds a miss in any round, and before the first', () => {
    expect(isExact(report(round(1), round(1)))).toBe(true);
    for (const miss of ['lost', 'duplicated', 'reordered', 'strange'] as const) {
      expect(isExact(report(round(1), round(1, { [miss]: 1 })))).toBe(false);
      expect(isExact(reportAfter(round(1, { [miss]: 1 }), [round(1)]))).toBe(false);
    }
  });
});

describe('reportLines', () => {
  const text = reportLines(report(round(8), round(10, { lost: 3 }), round(16))).join('\n');

  it('has ratios to the baselines of the same run, beside the marks', () => {
    expect(text).toMatch(/× NATS core\n/);
    expect(text).toMatch(/SMP server +100 +10 \(6 to 13\) +0\.20\n/);
    expect(text).toContain('SMP server: 0.20 of NATS core; the mark is 0.2\n');
    expect(text).not.toContain('absent');
  });

  it('says what was lost, and what the last round has to add', () => {
    expect(text).toMatch(/SMP server +3 +0 +0 +0\n/);
    expect(text).toContain('SMP server\n  a round of 16 s\n');
    expect(text).not.toContain('a round of 8 s');
  });
});
