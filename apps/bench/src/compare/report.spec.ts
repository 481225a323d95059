import type { ProtocolName } from '@chat-relays/protocol';
import { countsOfTables } from './counts';
import type { DeadRelay } from './dead-relay';
import { agrees, type Findings, reportLines, roundTrips, type Run } from './report';

const run = (protocol: ProtocolName, delay: number, ms: number): Run => ({
  protocol,
  delay,
  times: { serving: ms, confirmed: 2 * ms, connected: 10 },
});

const dead = (confirmed: number): DeadRelay => ({
  others: { serving: 1, confirmed, connected: 70 },
  seen: { status: 'Invited', stuck: true },
  back: 90,
});

const plan = { runs: 3, protocols: ['full', 'pooled'] as ProtocolName[], delays: [0, 100] };
const findings: Findings = {
  counts: new Map(plan.protocols.map((protocol) => [protocol, countsOfTables(protocol)])),
  runs: [
    ...[100, 500, 200].map((ms) => run('full', 0, ms)),
    ...[30, 50, 40].map((ms) => run('pooled', 0, ms)),
    run('full', 100, 1_400),
    run('pooled', 100, 440),
  ],
  dead: new Map([['full', [500, 900, 400].map(dead)]]),
};
const lines = (of: Findings): string[] => reportLines(plan, of).join('\n').split('\n');
const words = (start: RegExp): string[] =>
  lines(findings)
    .filter((line) => start.test(line))
    .map((line) => line.trim().replace(/ {2,}/g, ' | '));

describe('reportLines', () => {
  it('has medians, and their ratios to full at the same delay', () => {
    expect(words(/^0 ms/)).toEqual([
      '0 ms | full | 200 | × 1.00 | 400 | × 1.00 | 10 | × 1.00',
      '0 ms | pooled | 40 | × 0.20 | 80 | × 0.20 | 10 | × 1.00',
    ]);
  });

  it('has round trips beside what each ms of delay made later', () => {
    const { serving, confirmed, connected } = roundTrips('full');
    expect(words(/^full/)).toContain(`full | ${serving} | 12.0 | ${confirmed} | 24.0 | ${connected} | 0.0`);
  });

  it('says what became of a group with a dead relay', () => {
    expect(words(/^full .*stuck/)).toEqual(['full | 500 | × 1.25 | Invited, stuck | 70 | 90']);
  });

  it('leaves out what was not measured', () => {
    const pooled = { ...plan, protocols: ['pooled'] as ProtocolName[], delays: [100] };
    const text = reportLines(pooled, { ...findings, runs: findings.runs.slice(-1) }).join('\n');
    expect(text).not.toContain('×');
    expect(text).not.toContain('round trips');
  });

  it('says where a trace took something else than the tables', () => {
    const otherwise = {
      ...findings,
      counts: new Map([['full', { ...countsOfTables('full'), owner: 99 }] as const]),
    };
    expect([agrees(findings), agrees(otherwise)]).toEqual([true, false]);
    expect(lines(otherwise).join('\n')).toMatch(/trace, OTHERWISE +\d+ +99/);
  });
});
