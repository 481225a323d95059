/** The semantics of a queue's short-link data (SMP v18: LSET, LDEL, LGET) as a pure reducer. */
import type { CommandOf, LinkParts, QueueMode } from '../commands/command';
import { sameBytes } from '../encoding';
import { errorResponse, OK, type Response } from '../commands/response';

export interface LinkRecord extends LinkParts {
  readonly linkId: Uint8Array;
}

/** What the queue of the link is, as far as its link cares. */
export interface LinkedQueue {
  readonly senderId: Uint8Array;
  readonly mode?: QueueMode;
  readonly link?: LinkRecord;
}

export interface LinkStep {
  /** the link afterwards; undefined when there is none */
  readonly link?: LinkRecord;
  readonly response: Response;
}

const AUTH = errorResponse('AUTH');

/** Both parts together. With longer ones the LNK of an LGET would not fit a transmission, whatever its corrId. */
export const MAX_LINK_BYTES = 60_000;

export function isLinkTooLarge({ fixedData, userData }: LinkParts): boolean {
  return fixedData.length + userData.length > MAX_LINK_BYTES;
}

/**
 * LSET keeps link id and fixed data as they are and replaces the user data; it makes the link when there is none.
 * LGET answers only for contact queues (a queue without mode counts as one).
 * @param taken true when the link id of an LSET belongs to another queue
 */
export function reduceLink(
  queue: LinkedQueue,
  command: CommandOf<'LSET' | 'LDEL' | 'LGET'>,
  taken: boolean,
): LinkStep {
  const { link } = queue;
  const unchanged = (response: Response): LinkStep => ({ ...(link && { link }), response });
  switch (command.kind) {
    case 'LSET': {
      const { linkId, fixedData, userData } = command;
      if (isLinkTooLarge(command)) return unchanged(errorResponse('LARGE_MSG'));
      if (taken) return unchanged(AUTH);
      if (link && !sameBytes(link.linkId, linkId)) return unchanged(AUTH);
      if (link && !sameBytes(link.fixedData, fixedData)) return unchanged(AUTH);
      return { link: { linkId, fixedData, userData }, response: OK };
    }
    case 'LDEL':
      return { response: OK };
    case 'LGET':
      if (!link || queue.mode === 'M') return unchanged(AUTH);
      return unchanged({
        kind: 'LNK',
        senderId: queue.senderId,
        fixedData: link.fixedData,
        userData: link.userData,
      });
  }
}
