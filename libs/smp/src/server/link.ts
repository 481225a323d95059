/** The semantics of a queue's short-link data (SMP v18: LSET, LDEL, LGET, LKEY) as a pure reducer. */
import type { CommandOf, LinkParts } from '../commands/command';
import { errorResponse, OK, type Response } from '../commands/response';
import { sameBytes } from '../encoding';
import type { LinkRecord, QueueRecord } from './queue-state';
import { secure } from './securing';

export interface LinkStep {
  readonly row: QueueRecord;
  readonly response: Response;
}

export type LinkCommand = CommandOf<'LSET' | 'LDEL' | 'LGET' | 'LKEY'>;

const AUTH = errorResponse('AUTH');

/** Both parts together. With longer ones the LNK of an LGET would not fit a transmission, whatever its corrId. */
export const MAX_LINK_BYTES = 60_000;

export function isLinkTooLarge({ fixedData, userData }: LinkParts): boolean {
  return fixedData.length + userData.length > MAX_LINK_BYTES;
}

function set(row: QueueRecord, command: CommandOf<'LSET'>, taken: boolean): LinkStep {
  const { link } = row;
  if (isLinkTooLarge(command)) return { row, response: errorResponse('LARGE_MSG') };
  const other =
    link && !(sameBytes(link.linkId, command.linkId) && sameBytes(link.fixedData, command.fixedData));
  if (taken || other || (row.mode === 'M' && row.senderKey)) return { row, response: AUTH };
  const [linkId, fixedData, userData] = [command.linkId, command.fixedData, command.userData].map(own);
  return { row: { ...row, link: { linkId, fixedData, userData } }, response: OK };
}

function isContact({ mode, senderKey }: QueueRecord): boolean {
  return mode === 'C' || (mode === undefined && !senderKey);
}

function lnk({ senderId }: QueueRecord, { fixedData, userData }: LinkRecord): Response {
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
export function reduceLink(row: QueueRecord, command: LinkCommand, taken: boolean): LinkStep {
  const { link } = row;
  switch (command.kind) {
    case 'LSET':
      return set(row, command, taken);
    case 'LDEL': {
      if (!link) return { row, response: OK };
      const { link: _link, ...rest } = row;
      return { row: rest, response: OK };
    }
    case 'LGET':
      return { row, response: link && isContact(row) ? lnk(row, link) : AUTH };
    case 'LKEY': {
      const secured = row.mode === 'M' ? secure(row, command.key) : undefined;
      return secured && link ? { row: secured, response: lnk(secured, link) } : { row, response: AUTH };
    }
  }
}
