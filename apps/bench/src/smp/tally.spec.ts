import fc from 'fast-check';
import { ALTERED, Bodies } from './body';
import { Tally } from './tally';

const pass = { queues: 2, from: 10, messages: 3 };
const exact = { expected: 6, received: 6, lost: 0, duplicated: 0, reordered: 0, strange: 0 };
const counts = (...arrivals: readonly (readonly [number, number])[]) => {
  const tally = new Tally(pass);
  for (const [queue, number] of arrivals) tally.take(queue, number);
  return tally.counts();
};
const all = [0, 1].flatMap((queue) => [10, 11, 12].map((number) => [queue, number] as const));

describe('Tally', () => {
  it('has nothing to say about every message once and in order, however queues take turns', () => {
    expect(counts(...all)).toEqual(exact);
    expect(counts([1, 10], [0, 10], [0, 11], [1, 11], [1, 12], [0, 12])).toEqual(exact);
  });

  it('counts what is missing, twice or late', () => {
    expect(counts(...all.slice(1))).toEqual({ ...exact, received: 5, lost: 1 });
    expect(counts(...all, [0, 11])).toEqual({ ...exact, duplicated: 1 });
    expect(counts([0, 12], [0, 10], [0, 11], ...all.slice(3))).toEqual({ ...exact, reordered: 2 });
  });

  it('takes nothing of another pass, another queue or altered', () => {
    const none = { ...exact, received: 0, lost: 6 };
    expect(counts([0, 9], [0, 13], [2, 10])).toEqual({ ...none, strange: 3 });
    expect(counts([ALTERED, 10])).toEqual({ ...none, strange: 1 });
  });

  it('counts every arrival once', () => {
    const arrival = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 9, max: 13 }));
    fc.assert(
      fc.property(fc.array(arrival), (arrivals) => {
        const { received, lost, duplicated, strange } = counts(...arrivals);
        expect(received + duplicated + strange).toBe(arrivals.length);
        expect(received + lost).toBe(6);
      }),
    );
  });
});

describe('Bodies', () => {
  const bodies = new Bodies(64);

  it('reads what it made', () => {
    const body = new Uint8Array(bodies.make(7, 4_000_000_000));
    expect(body).toHaveLength(64);
    expect([bodies.queueOf(body), bodies.numberOf(body)]).toEqual([7, 4_000_000_000]);
  });

  it('notices an altered byte and another length', () => {
    const body = bodies.make(1, 2);
    body[63] ^= 1;
    expect(bodies.queueOf(body)).toBe(ALTERED);
    expect(bodies.queueOf(bodies.make(1, 2).subarray(0, 63))).toBe(ALTERED);
  });
});
