import { Ledger } from './ledger';
import { readPlan } from './plan';
import { isExact, reportLines, reportOf } from './report';

function report({ duplicates = 4, altered = 0, keep = 4 } = {}) {
  const plan = readPlan('--members 2 --messages 2 --relays 2 --rate 10'.split(' '));
  const ledger = new Ledger(['bob', 'cath'], 2);
  ledger.note('a', 0, 1_000);
  ledger.note('b', 1, 1_100);
  const rows = [
    ['bob', 'a', 1_020, 1],
    ['cath', 'a', 1_040, 2],
    ['bob', 'b', 1_960, 3],
    ['cath', 'b', 3_000, 4],
  ] as const;
  ledger.take(rows.slice(0, keep));
  return reportOf({
    plan,
    ground: 'services',
    tally: ledger.tally(),
    duplicates,
    altered,
    begin: 1_000,
    seconds: { start: 1, join: 2, send: 3, drain: 4 },
    cpu: [{ process: 'postgres', seconds: 0.5 }],
  });
}

describe('reportOf', () => {
  it('counts rates from the first message to the last delivery', () => {
    const { perSecond, seconds, cpu, deliveries } = report();
    expect(seconds.firstToLast).toBe(2);
    expect(perSecond).toEqual({ deliveries: 2, copies: 4, messages: 1 });
    expect(cpu.microsecondsPerCopy).toBe(62_500);
    expect(deliveries).toMatchObject({ expected: 4, duplicatesDropped: 4, duplicatesExpected: 4 });
  });

  it('has latencies in milliseconds', () => {
    const { latencyMs } = report();
    expect(latencyMs.p50).toBeCloseTo(40, 0);
    expect(Math.round(latencyMs.max / 10)).toBe(190);
  });

  it('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(report()))).toEqual(report());
    expect(JSON.stringify(report({ keep: 0, duplicates: 0 }))).not.toContain('null');
  });
});

describe('isExact', () => {
  it('is so when nothing is lost, twice, out of order, strange or altered', () => {
    expect(isExact(report())).toBe(true);
    expect(isExact(report({ keep: 3 }))).toBe(false);
    expect(isExact(report({ altered: 1 }))).toBe(false);
    const { deliveries } = report();
    for (const wrong of ['keptTwice', 'outOfOrder', 'strange', 'lost'] as const) {
      expect(isExact({ deliveries: { ...deliveries, [wrong]: 1 } })).toBe(false);
    }
  });

  it('minds no duplicate that was dropped', () => {
    expect(isExact(report({ duplicates: 9 }))).toBe(true);
  });
});

describe('reportLines', () => {
  it('says what was lost and how many duplicates there had to be', () => {
    const text = reportLines(report({ keep: 3 })).join('\n');
    expect(text).toMatch(/lost +1\n/);
    expect(text).toMatch(/duplicates dropped +4 {3}\(expected 4\)/);
    expect(text).toContain('10 messages per second');
  });
});
