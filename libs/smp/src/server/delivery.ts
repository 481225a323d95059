/** Who gets the messages of a queue: SUB, GET and ACK. */
import { errorResponse, OK, type Response } from '../commands/response';
import { sameBytes } from '../encoding';
import type { Delivered, Push, QueueEnv, QueueState, QueueStep, StoredMessage } from './queue-state';

export const NO_PUSHES: readonly Push[] = [];
const NO_MSG = errorResponse('NO_MSG');
const PROHIBITED = errorResponse('CMD PROHIBITED');

export function msg({ sealer }: QueueState, message: StoredMessage): Response {
  return { kind: 'MSG', msgId: message.msgId, body: sealer.seal(message.msgId, message) };
}

export function deliveredNow({ msgId }: StoredMessage, env: QueueEnv): Delivered {
  return { msgId, at: env.now() };
}

/**
 * SOK, and then the oldest message, again with its id when it was delivered before. The session before hears END. One
 * that used GET may not subscribe.
 */
export function subscribe(queue: QueueState, env: QueueEnv): QueueStep {
  const { session } = env;
  if (queue.getters?.has(session)) return { queue, response: PROHIBITED, pushes: NO_PUSHES };
  const pushes: Push[] = [];
  const before = queue.subscriber;
  if (before && before.session !== session) {
    pushes.push({ session: before.session, response: { kind: 'END' } });
  }
  const head = queue.messages[0];
  if (head) pushes.push({ session, response: msg(queue, head), trace: head.trace });
  const subscriber = { session, delivered: head && deliveredNow(head, env) };
  return { queue: { ...queue, subscriber }, response: { kind: 'SOK' }, pushes };
}

/** The oldest message as the answer, or OK. One that is subscribed may not. */
export function get(queue: QueueState, env: QueueEnv): QueueStep {
  const { session } = env;
  if (queue.subscriber?.session === session) return { queue, response: PROHIBITED, pushes: NO_PUSHES };
  const head = queue.messages[0];
  const getters = new Map(queue.getters).set(session, head && deliveredNow(head, env));
  return {
    queue: { ...queue, getters },
    response: head ? msg(queue, head) : OK,
    responseTrace: head?.trace,
    pushes: NO_PUSHES,
  };
}

/**
 * Removes the delivered message, unless somebody else did. A subscriber is answered with the next one; an id that is
 * empty removes nothing, so that the next one is the same.
 */
export function acknowledge(queue: QueueState, msgId: Uint8Array, env: QueueEnv): QueueStep {
  const { session } = env;
  const subscribed = queue.subscriber?.session === session;
  const delivered = subscribed ? queue.subscriber.delivered : queue.getters?.get(session);
  const nothing = msgId.length === 0;
  if (!delivered || (!nothing && !sameBytes(delivered.msgId, msgId))) {
    return { queue, response: NO_MSG, pushes: NO_PUSHES };
  }
  const head = queue.messages[0];
  const removed = !nothing && head && sameBytes(head.msgId, delivered.msgId) ? head : undefined;
  const messages = removed ? queue.messages.slice(1) : queue.messages;
  const deliveredAt = removed && delivered.at;
  const { row, sealer } = queue;
  if (!subscribed) {
    const getters = new Map(queue.getters).set(session, undefined);
    const after = { row, messages, subscriber: queue.subscriber, getters, sealer };
    return { queue: after, response: OK, pushes: NO_PUSHES, removed, deliveredAt };
  }
  const next = messages[0];
  const subscriber = { session, delivered: next && deliveredNow(next, env) };
  return {
    queue: { row, messages, subscriber, getters: queue.getters, sealer },
    response: next ? msg(queue, next) : OK,
    responseTrace: next?.trace,
    pushes: NO_PUSHES,
    removed,
    deliveredAt,
  };
}
