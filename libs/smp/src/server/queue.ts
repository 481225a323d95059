/** The semantics of a queue's messages and subscription (SMP v18: SUB, SEND, ACK, OFF, DEL) as a pure reducer. */
import type { CommandOf } from '../commands/command';
import { sameBytes } from '../encoding';
import { encodeReceivedMessage } from '../messages/received-message';
import { errorResponse, OK, type Response } from '../commands/response';

/** A SEND with a larger body is refused with `LARGE_MSG`. */
export const MAX_SEND_BYTES = 16_048;
/** Messages that a queue holds before it answers `QUOTA`. */
export const DEFAULT_QUOTA = 128;

export interface StoredMessage {
  /** place in the order of arrival, over all queues of the server */
  readonly seq: number;
  /** 24 bytes */
  readonly msgId: Uint8Array;
  /** as MSG carries it, see received-message.ts */
  readonly body: Uint8Array;
  /** the marker that says that the queue was full; always the last of its queue */
  readonly quota: boolean;
  /** the traceparent of the SEND */
  readonly trace?: string;
}

export interface Subscriber {
  readonly session: string;
  /** the message that was sent to it and not yet acknowledged */
  readonly delivered?: Uint8Array;
}

export interface QueueState {
  readonly suspended: boolean;
  /** oldest first */
  readonly messages: readonly StoredMessage[];
  readonly subscriber?: Subscriber;
}

export type QueueCommand = CommandOf<'SUB' | 'SEND' | 'ACK' | 'OFF' | 'DEL'>;

/** Everything that a decision may not make up itself. */
export interface QueueEnv {
  /** the session that the command came in */
  readonly session: string;
  readonly quota: number;
  readonly trace?: string;
  /** unix seconds */
  now(): number;
  messageId(): Uint8Array;
  nextSeq(): number;
}

/** Something for a session that did not ask: MSG, END or DELD. */
export interface Push {
  readonly session: string;
  readonly response: Response;
  readonly trace?: string;
}

export interface QueueStep<Q extends QueueState = QueueState> {
  /** undefined: the queue is deleted */
  readonly queue: Q | undefined;
  readonly response: Response;
  /** the trace of the message, when the response carries one */
  readonly responseTrace?: string;
  /** after the response, in this order */
  readonly pushes: readonly Push[];
  readonly added?: StoredMessage;
  readonly removed?: StoredMessage;
}

function msg(message: StoredMessage): Response {
  return { kind: 'MSG', msgId: message.msgId, body: message.body };
}

function pushTo(session: string, message: StoredMessage): Push {
  return { session, response: msg(message), ...(message.trace && { trace: message.trace }) };
}

function answer<Q extends QueueState>(queue: Q | undefined, response: Response, ...pushes: Push[]) {
  return { queue, response, pushes };
}

/** Subscribes the session: END to the one before, and the oldest message again with its id. */
export function subscribe<Q extends QueueState>(queue: Q, session: string): { queue: Q; pushes: Push[] } {
  const pushes: Push[] = [];
  const before = queue.subscriber;
  if (before && before.session !== session) {
    pushes.push({ session: before.session, response: { kind: 'END' } });
  }
  const head = queue.messages[0];
  if (head) pushes.push(pushTo(session, head));
  return { queue: { ...queue, subscriber: { session, ...(head && { delivered: head.msgId }) } }, pushes };
}

function send<Q extends QueueState>(queue: Q, command: CommandOf<'SEND'>, env: QueueEnv): QueueStep<Q> {
  if (command.body.length > MAX_SEND_BYTES) return answer(queue, errorResponse('LARGE_MSG'));
  if (queue.suspended) return answer(queue, errorResponse('AUTH'));
  const { messages, subscriber } = queue;
  if (messages.at(-1)?.quota) return answer(queue, errorResponse('QUOTA'));
  const timestamp = env.now();
  const full = messages.length >= env.quota;
  const added: StoredMessage = {
    seq: env.nextSeq(),
    msgId: env.messageId(),
    quota: full,
    body: encodeReceivedMessage(
      full
        ? { quota: true, timestamp }
        : { quota: false, timestamp, notify: command.notify, body: command.body },
    ),
    ...(env.trace && { trace: env.trace }),
  };
  const stored: Q = { ...queue, messages: [...messages, added] };
  if (full) return { ...answer(stored, errorResponse('QUOTA')), added };
  if (messages.length > 0 || !subscriber || subscriber.delivered) return { ...answer(stored, OK), added };
  const delivered: Q = { ...stored, subscriber: { session: subscriber.session, delivered: added.msgId } };
  return { ...answer(delivered, OK, pushTo(subscriber.session, added)), added };
}

function ack<Q extends QueueState>(queue: Q, msgId: Uint8Array, session: string): QueueStep<Q> {
  const delivered = queue.subscriber?.session === session ? queue.subscriber.delivered : undefined;
  const head = queue.messages[0];
  if (!delivered || !head) return answer(queue, errorResponse('NO_MSG'));
  const repeat = msgId.length === 0;
  if (!repeat && !sameBytes(delivered, msgId)) return answer(queue, errorResponse('NO_MSG'));
  const messages = repeat ? queue.messages : queue.messages.slice(1);
  const next = messages[0];
  const subscriber: Subscriber = { session, ...(next && { delivered: next.msgId }) };
  return {
    ...answer({ ...queue, messages, subscriber }, next ? msg(next) : OK),
    ...(next?.trace && { responseTrace: next.trace }),
    ...(!repeat && { removed: head }),
  };
}

/**
 * One command to one queue. At most one message is unacknowledged per subscription; a full queue takes one quota
 * marker and then nothing until it was emptied, marker included; an ACK without id shows the oldest message again.
 */
export function reduceQueue<Q extends QueueState>(
  queue: Q,
  command: QueueCommand,
  env: QueueEnv,
): QueueStep<Q> {
  switch (command.kind) {
    case 'SUB': {
      const { queue: subscribed, pushes } = subscribe(queue, env.session);
      return answer(subscribed, { kind: 'SOK' }, ...pushes);
    }
    case 'SEND':
      return send(queue, command, env);
    case 'ACK':
      return ack(queue, command.msgId, env.session);
    case 'OFF':
      return answer({ ...queue, suspended: true }, OK);
    case 'DEL': {
      const other = queue.subscriber;
      if (!other || other.session === env.session) return answer<Q>(undefined, OK);
      return answer<Q>(undefined, OK, { session: other.session, response: { kind: 'DELD' } });
    }
  }
}
