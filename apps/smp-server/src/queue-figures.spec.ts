import type { QueueState } from '@chat-relays/smp';
import { queueFigures } from './queue-figures';

const DAY = 86_400;
const now = 20_000 * DAY + 5_000;
const queue = (daysAgo: number, more: Partial<QueueState> = {}) =>
  ({ row: { updatedOn: 20_000 - daysAgo }, ...more }) as QueueState;
const delivered = (secondsAgo: number) => ({ msgId: Buffer.alloc(24), at: now - secondsAgo });

test('counts what is used, subscribed and not acknowledged', () => {
  const queues = [
    queue(0, { subscriber: { session: 'a', delivered: delivered(3) } }),
    queue(6, { subscriber: { session: 'a' } }),
    queue(7, { subscriber: { session: 'b', delivered: delivered(40) } }),
    queue(29, {
      getters: new Map([
        ['c', delivered(90)],
        ['d', undefined],
      ]),
    }),
    queue(30),
  ];
  expect(queueFigures(queues, now)).toEqual({
    ...{ daily: 1, weekly: 2, monthly: 4 },
    ...{ subscriptions: 3, subscribers: 2, delivered: 2, deliveredTo: 2 },
    ...{ ackPending: 3, ackOldestSeconds: 90 },
  });
});

test('of no queues all is 0', () => {
  expect(Object.values(queueFigures([], now)).every((figure) => figure === 0)).toBe(true);
});
