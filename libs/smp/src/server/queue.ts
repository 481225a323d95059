/** The semantics of a queue (SMP v18) as a pure reducer: who is secured, what is delivered to whom, and what is left. */
import type { CommandOf } from '../commands/command';
import { errorResponse, OK, type Response } from '../commands/response';
import { acknowledge, get, subscribe } from './delivery';
import { infoOf } from './queue-description';
import {
  blockedError,
  type Push,
  type QueueEnv,
  type QueueState,
  type QueueStep,
  type StoredMessage,
} from './queue-state';
import { secure } from './securing';

/** A SEND with a larger body is refused with `LARGE_MSG`. */
export const MAX_SEND_BYTES = 16_048;
/** Messages that a queue holds before it answers `QUOTA`. */
export const DEFAULT_QUOTA = 128;

export type QueueCommand = CommandOf<
  'SUB' | 'GET' | 'KEY' | 'RKEY' | 'SKEY' | 'SEND' | 'ACK' | 'OFF' | 'DEL' | 'QUE'
>;

function answer<Q extends QueueState>(
  queue: Q | undefined,
  response: Response,
  ...pushes: Push[]
): QueueStep<Q> {
  return { queue, response, pushes };
}

const AUTH = errorResponse('AUTH');

function send<Q extends QueueState>(queue: Q, command: CommandOf<'SEND'>, env: QueueEnv): QueueStep<Q> {
  if (command.body.length > MAX_SEND_BYTES) return answer(queue, errorResponse('LARGE_MSG'));
  if (queue.status === 'off') return answer(queue, AUTH);
  const blocked = blockedError(queue.status);
  if (blocked) return answer(queue, errorResponse(blocked));
  const { messages, subscriber } = queue;
  if (messages.at(-1)?.quota) return answer(queue, errorResponse('QUOTA'));
  const timestamp = env.now();
  const full = messages.length >= env.quota;
  const added: StoredMessage = {
    seq: env.nextSeq(),
    msgId: env.messageId(),
    ...(full
      ? { quota: true, timestamp }
      : { quota: false, timestamp, notify: command.notify, body: Buffer.from(command.body) }),
    trace: env.trace,
  };
  const stored: Q = withoutUsedLink({ ...queue, messages: [...messages, added] });
  if (full) return { ...answer(stored, errorResponse('QUOTA')), added };
  if (messages.length > 0 || !subscriber || subscriber.delivered) return { ...answer(stored, OK), added };
  const { session } = subscriber;
  const delivered = { msgId: added.msgId, at: timestamp };
  const push: Push = {
    session,
    response: { kind: 'MSG', msgId: added.msgId, body: env.sealer.seal(added.msgId, added) },
    trace: added.trace,
  };
  return { ...answer<Q>({ ...stored, subscriber: { session, delivered } }, OK, push), added };
}

/** A 1-time invitation that was used is one no more: its link goes with the first message of the secured queue. */
function withoutUsedLink<Q extends QueueState>(queue: Q): Q {
  if (!queue.link || queue.mode !== 'M' || !queue.senderKey) return queue;
  const { link: _link, ...rest } = queue;
  return rest as Q;
}

/**
 * One authorized command to one queue. At most one message is unacknowledged per subscription; a full queue takes one
 * quota marker and then nothing until it was emptied, marker included; an ACK without id shows the oldest message again.
 */
export function reduceQueue<Q extends QueueState>(
  queue: Q,
  command: QueueCommand,
  env: QueueEnv,
): QueueStep<Q> {
  switch (command.kind) {
    case 'SUB':
      return subscribe(queue, env);
    case 'GET':
      return get(queue, env);
    case 'ACK':
      return acknowledge(queue, command.msgId, env);
    case 'SEND':
      return send(queue, command, env);
    case 'KEY':
    case 'SKEY': {
      const secured = command.kind === 'SKEY' && queue.mode !== 'M' ? undefined : secure(queue, command.key);
      return secured ? answer(secured, OK) : answer(queue, AUTH);
    }
    case 'RKEY':
      if (queue.mode !== 'C') return answer(queue, AUTH);
      return answer({ ...queue, recipientKeys: command.keys.map((key) => Buffer.from(key)) }, OK);
    case 'OFF':
      return answer(queue.status === 'off' ? queue : { ...queue, status: 'off' as const }, OK);
    case 'DEL': {
      const other = queue.subscriber;
      if (!other || other.session === env.session) return answer<Q>(undefined, OK);
      return answer<Q>(undefined, OK, { session: other.session, response: { kind: 'DELD' } });
    }
    case 'QUE':
      return answer(queue, { kind: 'INFO', info: infoOf(queue) });
  }
}
