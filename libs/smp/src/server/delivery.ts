/** Who gets the messages of a queue: SUB, GET and ACK. */
import { errorResponse, OK, type Response } from '../commands/response';
import { sameBytes } from '../encoding';
import type {
  Delivered,
  Push,
  QueueEnv,
  QueueState,
  QueueStep,
  StoredMessage,
  Subscriber,
} from './queue-state';

const NO_MSG = errorResponse('NO_MSG');
const PROHIBITED = errorResponse('CMD PROHIBITED');

function msg(message: StoredMessage, env: QueueEnv): Response {
  return { kind: 'MSG', msgId: message.msgId, body: env.sealer.seal(message.msgId, message) };
}

function deliveredNow({ msgId }: StoredMessage, env: QueueEnv): Delivered {
  return { msgId, at: env.now() };
}

/**
 * SOK, and then the oldest message, again with its id when it was delivered before. The session before hears END. One
 * that used GET may not subscribe.
 */
export function subscribe<Q extends QueueState>(queue: Q, env: QueueEnv): QueueStep<Q> {
  if (queue.getters?.has(env.session)) return { queue, response: PROHIBITED, pushes: [] };
  const pushes: Push[] = [];
  const before = queue.subscriber;
  if (before && before.session !== env.session) {
    pushes.push({ session: before.session, response: { kind: 'END' } });
  }
  const head = queue.messages[0];
  if (head) {
    const { trace } = head;
    pushes.push({ session: env.session, response: msg(head, env), trace });
  }
  const subscriber: Subscriber = {
    session: env.session,
    ...(head && { delivered: deliveredNow(head, env) }),
  };
  return { queue: { ...queue, subscriber }, response: { kind: 'SOK' }, pushes };
}

/** The oldest message as the answer, or OK. One that is subscribed may not. */
export function get<Q extends QueueState>(queue: Q, env: QueueEnv): QueueStep<Q> {
  const { session } = env;
  if (queue.subscriber?.session === session) return { queue, response: PROHIBITED, pushes: [] };
  const head = queue.messages[0];
  const getters = new Map(queue.getters).set(session, head && deliveredNow(head, env));
  return {
    queue: { ...queue, getters },
    response: head ? msg(head, env) : OK,
    responseTrace: head?.trace,
    pushes: [],
  };
}

/**
 * Removes the delivered message, unless somebody else did. A subscriber is answered with the next one; an id that is
 * empty removes nothing, so that the next one is the same.
 */
export function acknowledge<Q extends QueueState>(queue: Q, msgId: Uint8Array, env: QueueEnv): QueueStep<Q> {
  const { session } = env;
  const subscribed = queue.subscriber?.session === session;
  const delivered = subscribed ? queue.subscriber.delivered : queue.getters?.get(session);
  const nothing = msgId.length === 0;
  if (!delivered || (!nothing && !sameBytes(delivered.msgId, msgId))) {
    return { queue, response: NO_MSG, pushes: [] };
  }
  const head = queue.messages[0];
  const removed = !nothing && head && sameBytes(head.msgId, delivered.msgId) ? head : undefined;
  const messages = removed ? queue.messages.slice(1) : queue.messages;
  const done = { pushes: [], removed, deliveredAt: removed && delivered.at };
  if (!subscribed) {
    const getters = new Map(queue.getters).set(session, undefined);
    return { queue: { ...queue, messages, getters }, response: OK, ...done };
  }
  const next = messages[0];
  const subscriber: Subscriber = { session, delivered: next && deliveredNow(next, env) };
  return {
    queue: { ...queue, messages, subscriber },
    response: next ? msg(next, env) : OK,
    responseTrace: next?.trace,
    ...done,
  };
}
