/** Which queues a session has to do with: it is forgotten there when it ends. */
import type { QueueState } from './queue-state';

type Sessions = Map<string, Set<string>>;

function sessionsOf(queue: QueueState | undefined): ReadonlySet<string> {
  const sessions = new Set(queue?.getters?.keys());
  if (queue?.subscriber) sessions.add(queue.subscriber.session);
  return sessions;
}

export function moveSessions(
  sessions: Sessions,
  key: string,
  before: QueueState | undefined,
  after: QueueState | undefined,
): void {
  if (before?.getters === after?.getters && before?.subscriber?.session === after?.subscriber?.session)
    return;
  const [from, to] = [sessionsOf(before), sessionsOf(after)];
  for (const session of from) {
    if (to.has(session)) continue;
    const queues = sessions.get(session);
    queues?.delete(key);
    if (queues?.size === 0) sessions.delete(session);
  }
  for (const session of to) if (!sessions.get(session)?.add(key)) sessions.set(session, new Set([key]));
}

/** The queue without the session. */
export function withoutSession(queue: QueueState, session: string): QueueState {
  const { row, messages, subscriber, getters, sealer } = queue;
  const others = getters && new Map([...getters].filter(([name]) => name !== session));
  return {
    row,
    messages,
    subscriber: subscriber?.session === session ? undefined : subscriber,
    getters: others && others.size > 0 ? others : undefined,
    sealer,
  };
}
