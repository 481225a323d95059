import { runsFor } from './cpu-time';

describe('runsFor', () => {
  it('finds fewer runs for what takes longer', () => {
    const work = (loops: number) => () => {
      let sum = 0;
      for (let loop = 0; loop < loops; loop++) sum += Math.sqrt(loop);
      return sum;
    };
    expect(runsFor(20_000, work(1_000_000))).toBeLessThan(runsFor(20_000, work(1_000)) / 10);
  });
});
