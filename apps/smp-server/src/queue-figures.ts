import type { QueueState } from '@chat-relays/smp';

/** What can only be seen by looking at every queue. */
export interface QueueFigures {
  /** queues with a command today, in the last 7 days, in the last 30 */
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  /** queues that somebody is subscribed to, and the sessions that are */
  readonly subscriptions: number;
  readonly subscribers: number;
  /** of these, with a message that was delivered and not acknowledged */
  readonly delivered: number;
  readonly deliveredTo: number;
  /** messages delivered and not acknowledged, those that were got by GET among them, and the age of the oldest */
  readonly ackPending: number;
  readonly ackOldestSeconds: number;
}

const SECONDS_PER_DAY = 86_400;

/** @param now unix seconds */
export function queueFigures(queues: Iterable<QueueState>, now: number): QueueFigures {
  const today = Math.floor(now / SECONDS_PER_DAY);
  const [subscribers, deliveredTo] = [new Set<string>(), new Set<string>()];
  let [daily, weekly, monthly] = [0, 0, 0];
  let [subscriptions, delivered, ackPending, ackOldestSeconds] = [0, 0, 0, 0];
  const pending = (at: number): void => {
    ackPending++;
    ackOldestSeconds = Math.max(ackOldestSeconds, now - at);
  };
  for (const { row, subscriber, getters } of queues) {
    const { updatedOn } = row;
    if (updatedOn >= today) daily++;
    if (updatedOn > today - 7) weekly++;
    if (updatedOn > today - 30) monthly++;
    if (subscriber) {
      subscriptions++;
      subscribers.add(subscriber.session);
      if (subscriber.delivered) {
        delivered++;
        deliveredTo.add(subscriber.session);
        pending(subscriber.delivered.at);
      }
    }
    for (const got of getters?.values() ?? []) if (got) pending(got.at);
  }
  return {
    ...{ daily, weekly, monthly, subscriptions, subscribers: subscribers.size },
    ...{ delivered, deliveredTo: deliveredTo.size, ackPending, ackOldestSeconds },
  };
}
