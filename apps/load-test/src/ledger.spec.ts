import { type DeliveryRow, Ledger } from './ledger';

function ledgerOf(...rows: [member: string, messageId: string, receivedAt: number][]) {
  const ledger = new Ledger(['bob', 'cath'], 3);
  ['first', 'second', 'third'].forEach((id, number) => ledger.note(id, number, 1000 + number * 100));
  ledger.take(rows.map<DeliveryRow>(([member, id, at], index) => [member, id, at, index + 1]));
  return ledger.tally();
}

const all: [string, string, number][] = [
  ['bob', 'first', 1010],
  ['cath', 'first', 1020],
  ['bob', 'second', 1130],
  ['cath', 'second', 1100],
  ['bob', 'third', 1205],
  ['cath', 'third', 1240],
];

describe('Ledger', () => {
  it('finds nothing wrong where everybody has everything once and in order', () => {
    expect(ledgerOf(...all)).toMatchObject({
      expected: 6,
      kept: 6,
      lost: 0,
      keptTwice: 0,
      outOfOrder: 0,
      strange: 0,
      lastReceived: 1240,
    });
  });

  it('counts what did not come', () => {
    expect(ledgerOf(...all.slice(0, 4))).toMatchObject({ kept: 4, lost: 2, outOfOrder: 0 });
    expect(ledgerOf()).toMatchObject({ expected: 6, kept: 0, lost: 6, lastReceived: 0 });
  });

  it('counts what was kept twice, and not as a delivery', () => {
    expect(ledgerOf(...all, ['bob', 'second', 1300])).toMatchObject({ kept: 6, lost: 0, keptTwice: 1 });
  });

  it('does not let one member pay for what another has twice', () => {
    expect(ledgerOf(...all.slice(0, 5), ['bob', 'first', 1300])).toMatchObject({ lost: 1, keptTwice: 1 });
  });

  it('counts every delivery that came after a later message of the same member', () => {
    const [b1, c1, b2, c2, b3, c3] = all;
    expect(ledgerOf(b3, b1, b2, c1, c2, c3)).toMatchObject({ kept: 6, outOfOrder: 2 });
    expect(ledgerOf(b1, b2, b3, c1, c2, c3)).toMatchObject({ outOfOrder: 0 });
  });

  it('counts messages nobody sent and members nobody knows', () => {
    expect(ledgerOf(...all, ['bob', 'fourth', 1300], ['eve', 'first', 1300])).toMatchObject({
      kept: 6,
      strange: 2,
    });
  });

  it('measures each delivery from the time of its own message', () => {
    const { latency } = ledgerOf(...all);
    expect(latency.totalCount).toBe(6);
    expect(latency.maxValue / 1000).toBeCloseTo(40, 0);
    expect(latency.minNonZeroValue / 1000).toBeCloseTo(5, 0);
  });

  it('takes a clock that stepped back for no time at all', () => {
    expect(ledgerOf(['bob', 'first', 990]).latency.maxValue).toBe(0);
  });
});
