import { familyOf, readStat, timesBetween } from './process-times';

const stat = (pid: number, parent: number) => ({ pid, parent, program: 'x', seconds: 0 });

describe('readStat', () => {
  it('reads a program of any name, and the time of children that have ended', () => {
    const text = '42 (a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 150 50 20 5 20 0 11 0 123 1 2';
    expect(readStat(text)).toEqual({ pid: 42, program: 'a (b) c', parent: 7, seconds: 2.25 });
  });
});

describe('familyOf', () => {
  it('is everything below a process, in whatever order it is listed', () => {
    const all = [stat(5, 4), stat(1, 0), stat(4, 3), stat(3, 1), stat(9, 0)];
    expect(familyOf(3, all).map(({ pid }) => pid)).toEqual([5, 4, 3]);
    expect(familyOf(77, all)).toEqual([]);
  });
});

describe('timesBetween', () => {
  it('is what each used meanwhile, the busiest first', () => {
    const before = new Map([
      ['relay-1', 2],
      ['idle', 3],
    ]);
    const after = new Map([
      ['relay-1', 3],
      ['postgres', 5],
      ['idle', 3],
    ]);
    expect(timesBetween(before, after)).toEqual([
      { process: 'postgres', seconds: 5 },
      { process: 'relay-1', seconds: 1 },
    ]);
  });
});
