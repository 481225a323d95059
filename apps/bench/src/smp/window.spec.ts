import { Arrivals } from './arrivals';
import { Window } from './window';

const pass = { queues: 2, from: 5, messages: 3 };

describe('Window', () => {
  const sent: string[] = [];
  const send = (queue: number, number: number) => void sent.push(`${queue}:${number}`);

  beforeEach(() => void sent.splice(0));

  it('gives every queue its turn, at most so many ahead of what was acknowledged', async () => {
    const window = new Window(pass, 3, send);
    const done = window.run();
    expect(sent).toEqual(['0:5', '1:5', '0:6']);
    window.acknowledged(1);
    expect(sent.slice(3)).toEqual(['1:6']);
    window.acknowledged(4);
    expect(sent.slice(4)).toEqual(['0:7', '1:7']);
    window.acknowledged(6);
    await done;
    expect(sent).toHaveLength(6);
  });

  it('gives up when nothing is acknowledged for long', async () => {
    jest.useFakeTimers();
    try {
      const done = new Window(pass, 3, send).run();
      await jest.advanceTimersByTimeAsync(15_000);
      await expect(done).resolves.toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('Arrivals', () => {
  it('are there when the last one is, and what is missing for long is lost', async () => {
    jest.useFakeTimers();
    try {
      const arrivals = new Arrivals();
      arrivals.expect({ queues: 1, from: 0, messages: 2 });
      expect(arrivals.take(0, 0)).toBe(1);
      const lacking = arrivals.finish();
      await jest.advanceTimersByTimeAsync(15_000);
      expect(await lacking).toMatchObject({ received: 1, lost: 1 });
      arrivals.expect({ queues: 1, from: 2, messages: 1 });
      arrivals.take(0, 2);
      expect(await arrivals.finish()).toMatchObject({ received: 1, lost: 0 });
    } finally {
      jest.useRealTimers();
    }
  });
});
