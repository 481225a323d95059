import { type Ask, refKey, type SagaRecord } from '@chat-relays/protocol';
import type { Command, GroupAim, LinkAim } from './command';
import type { Host } from '../ports';

/** On whose behalf a command is asked for. */
export interface Asking {
  readonly record: SagaRecord;
  readonly ask: Ask;
  /** traceparent of the span that asks */
  readonly cause?: string;
  readonly host: Pick<Host, 'random'>;
}

type What = Pick<Command, 'aim' | 'body'> & { readonly lane?: string; readonly seed?: Uint8Array };

/**
 * A command that is saved in the commit of whoever asks, and executed after it: tried again until it has a final answer,
 * over restarts too. That answer is the reply event of its kind, or ERR, with the same corrId.
 * @param corrId the caller's, unique among the agent's outstanding commands
 */
export function asynchronous(corrId: string, what: What, { record, ask, cause, host }: Asking): Command {
  const { noun, id: recordId, identity, protocol, attempt, peer, trace } = record;
  const { lane = laneOf(record, ask.kind), aim, body, seed = host.random(32) } = what;
  return {
    id: corrId,
    ...{ noun, recordId, identity, protocol, attempt, lane, aim, peer, body, trace, cause, seed },
    ...{ step: ask.step, kind: ask.kind, send: ask.send },
    tries: 0,
  };
}

/** What is said to one peer is said in order; and an attempt that is stuck keeps no later one waiting. */
function laneOf({ peer, attempt, ...ref }: SagaRecord, kind: Ask['kind']): string {
  const says = kind === 'ACPT' || kind === 'LET' || kind === 'SEND' || kind === 'HIST';
  return says && peer ? `to ${peer.server} ${peer.senderId}` : `${refKey(ref)}/${attempt}`;
}

/**
 * Writes the user data of a group's link; ends in the event LINK. One at a time per link, whoever asks: each one writes
 * the whole of what is listed when it executes.
 */
export function setConnShortLinkAsync(corrId: string, aim: GroupAim, asking: Asking): Command {
  return asynchronous(corrId, { aim, lane: `link ${aim.groupId}` }, asking);
}

/** Reads and checks a contact link; ends in the event LDATA. */
export function getConnShortLinkAsync(corrId: string, aim: LinkAim, asking: Asking): Command {
  return asynchronous(corrId, { aim }, asking);
}
