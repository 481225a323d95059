import { reportLines } from './report';

describe('reportLines', () => {
  it('has µs and the ratio to the fastest, and a dash for what a library cannot do', () => {
    const costs = [
      {
        operation: 'sign',
        microseconds: new Map([
          ['a', 12.34],
          ['b', 3],
        ]),
      },
      { operation: 'seal', microseconds: new Map([['b', 1.52]]) },
    ];
    const [, , sign, seal] = reportLines(['a', 'b'], costs).map((line) => line.split(/\s{2,}/));
    expect(sign).toEqual(['sign', '12 (4.1×)', '3.0 (1.0×)']);
    expect(seal).toEqual(['seal', '-', '1.5 (1.0×)']);
  });
});
