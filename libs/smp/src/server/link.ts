/** The semantics of a queue's short-link data (SMP v18: LSET, LDEL, LGET, LKEY) as a pure reducer. */
import type { CommandOf, LinkParts, QueueMode } from '../commands/command';
import { errorResponse, OK, type Response } from '../commands/response';
import { sameBytes } from '../encoding';
import { secure } from './securing';

export interface LinkRecord extends LinkParts {
  readonly linkId: Uint8Array;
}

/** What the queue of the link is, as far as its link cares. */
export interface LinkedQueue {
  readonly senderId: Uint8Array;
  readonly mode?: QueueMode;
  readonly senderKey?: Uint8Array;
  readonly link?: LinkRecord;
}

export interface LinkStep<Q extends LinkedQueue = LinkedQueue> {
  readonly queue: Q;
  readonly response: Response;
}

export type LinkCommand = CommandOf<'LSET' | 'LDEL' | 'LGET' | 'LKEY'>;

const AUTH = errorResponse('AUTH');

/** Both parts together. With longer ones the LNK of an LGET would not fit a transmission, whatever its corrId. */
export const MAX_LINK_BYTES = 60_000;

export function isLinkTooLarge({ fixedData, userData }: LinkParts): boolean {
  return fixedData.length + userData.length > MAX_LINK_BYTES;
}

function set<Q extends LinkedQueue>(queue: Q, command: CommandOf<'LSET'>, taken: boolean): LinkStep<Q> {
  const { link } = queue;
  if (isLinkTooLarge(command)) return { queue, response: errorResponse('LARGE_MSG') };
  const other =
    link && !(sameBytes(link.linkId, command.linkId) && sameBytes(link.fixedData, command.fixedData));
  if (taken || other || (queue.mode === 'M' && queue.senderKey)) return { queue, response: AUTH };
  const [linkId, fixedData, userData] = [command.linkId, command.fixedData, command.userData].map(own);
  return { queue: { ...queue, link: { linkId, fixedData, userData } }, response: OK };
}

function isContact({ mode, senderKey }: LinkedQueue): boolean {
  return mode === 'C' || (mode === undefined && !senderKey);
}

function lnk({ senderId }: LinkedQueue, { fixedData, userData }: LinkRecord): Response {
  return { kind: 'LNK', senderId, fixedData, userData };
}

/** A copy: what the server keeps must not hold on to the payload that it came in. */
function own(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes);
}

/**
 * LSET keeps link id and fixed data as they are and replaces the user data; it makes the link when there is none, and is
 * too late for a messaging queue that is secured. LGET answers only for contact queues (a queue without mode counts as
 * one until it is secured), LKEY only for messaging queues, which it secures.
 * @param taken true when the link id of an LSET belongs to another queue
 */
export function reduceLink<Q extends LinkedQueue>(
  queue: Q,
  command: LinkCommand,
  taken: boolean,
): LinkStep<Q> {
  const { link } = queue;
  switch (command.kind) {
    case 'LSET':
      return set(queue, command, taken);
    case 'LDEL': {
      if (!link) return { queue, response: OK };
      const { link: _link, ...rest } = queue;
      return { queue: rest as Q, response: OK };
    }
    case 'LGET':
      return { queue, response: link && isContact(queue) ? lnk(queue, link) : AUTH };
    case 'LKEY': {
      const secured = queue.mode === 'M' ? secure(queue, command.key) : undefined;
      return secured && link ? { queue: secured, response: lnk(secured, link) } : { queue, response: AUTH };
    }
  }
}
