/** The semantics of a queue (SMP v18) as a pure reducer: who is secured, what is delivered to whom, and what is left. */
import type { CommandOf } from '../commands/command';
import { errorResponse, OK, type Response } from '../commands/response';
import { acknowledge, deliveredNow, get, msg, NO_PUSHES, subscribe } from './delivery';
import { infoOf } from './queue-description';
import {
  blockedError,
  type Push,
  type QueueEnv,
  type QueueRecord,
  type QueueState,
  type QueueStep,
  type StoredMessage,
  withRow,
} from './queue-state';
import { secure } from './securing';

/** A SEND with a larger body is refused with `LARGE_MSG`. */
export const MAX_SEND_BYTES = 16_048;
/** Messages that a queue holds before it answers `QUOTA`. */
export const DEFAULT_QUOTA = 128;

export type QueueCommand = CommandOf<
  'SUB' | 'GET' | 'KEY' | 'RKEY' | 'SKEY' | 'SEND' | 'ACK' | 'OFF' | 'DEL' | 'QUE'
>;

function answer(
  queue: QueueState | undefined,
  response: Response,
  pushes: readonly Push[] = NO_PUSHES,
): QueueStep {
  return { queue, response, pushes };
}

const AUTH = errorResponse('AUTH');

function send(queue: QueueState, command: CommandOf<'SEND'>, env: QueueEnv): QueueStep {
  const { row, messages, subscriber, getters, sealer } = queue;
  if (command.body.length > MAX_SEND_BYTES) return answer(queue, errorResponse('LARGE_MSG'));
  if (row.status === 'off') return answer(queue, AUTH);
  const blocked = blockedError(row.status);
  if (blocked) return answer(queue, errorResponse(blocked));
  if (messages.at(-1)?.quota) return answer(queue, errorResponse('QUOTA'));
  const full = messages.length >= env.quota;
  const added = full ? marker(env) : message(command, env);
  const free = messages.length === 0 && !full && subscriber && !subscriber.delivered;
  const stored: QueueState = {
    row: withoutUsedLink(row),
    messages: messages.length === 0 ? [added] : messages.concat(added),
    subscriber: free ? { session: subscriber.session, delivered: deliveredNow(added, env) } : subscriber,
    getters,
    sealer,
  };
  const response = full ? errorResponse('QUOTA') : OK;
  if (!free) return { queue: stored, response, pushes: NO_PUSHES, added };
  const push: Push = { session: subscriber.session, response: msg(queue, added), trace: added.trace };
  return { queue: stored, response, pushes: [push], added };
}

function message({ notify, body }: CommandOf<'SEND'>, env: QueueEnv): StoredMessage {
  return {
    seq: env.nextSeq(),
    msgId: env.messageId(),
    timestamp: env.now(),
    quota: false,
    notify,
    // a copy: what the server keeps must not hold on to the payload that it came in
    body: Buffer.from(body),
    trace: env.trace,
  };
}

function marker(env: QueueEnv): StoredMessage {
  return { seq: env.nextSeq(), msgId: env.messageId(), timestamp: env.now(), quota: true, trace: env.trace };
}

/** A 1-time invitation that was used is one no more: its link goes with the first message of the secured queue. */
function withoutUsedLink(row: QueueRecord): QueueRecord {
  if (!row.link || row.mode !== 'M' || !row.senderKey) return row;
  const { link: _link, ...rest } = row;
  return rest;
}

/**
 * One authorized command to one queue. At most one message is unacknowledged per subscription; a full queue takes one
 * quota marker and then nothing until it was emptied, marker included; an ACK without id shows the oldest message again.
 */
export function reduceQueue(queue: QueueState, command: QueueCommand, env: QueueEnv): QueueStep {
  const { row } = queue;
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
      const secured = command.kind === 'SKEY' && row.mode !== 'M' ? undefined : secure(row, command.key);
      return secured ? answer(withRow(queue, secured), OK) : answer(queue, AUTH);
    }
    case 'RKEY': {
      if (row.mode !== 'C') return answer(queue, AUTH);
      const recipientKeys = command.keys.map((key) => Buffer.from(key));
      return answer(withRow(queue, { ...row, recipientKeys }), OK);
    }
    case 'OFF':
      // what the operator blocked stays so
      return answer(row.status === 'active' ? withRow(queue, { ...row, status: 'off' }) : queue, OK);
    case 'DEL': {
      const other = queue.subscriber;
      if (!other || other.session === env.session) return answer(undefined, OK);
      return answer(undefined, OK, [{ session: other.session, response: { kind: 'DELD' } }]);
    }
    case 'QUE':
      return answer(queue, { kind: 'INFO', info: infoOf(queue) });
  }
}
