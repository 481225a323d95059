/** What a NEW makes. */
import type { NewQueue } from '../commands/command';
import { sha3of384 } from '../crypto';
import { bytesKey, sameBytes } from '../encoding';
import { isLinkTooLarge } from './link';
import type { QueueRecord, ServerEnv } from './server-state';

export const ID_BYTES = 24;
const ID_ATTEMPTS = 3;

/** The sender id that a client must choose for a NEW with this corrId (24 bytes of SHA3-384). */
export function senderIdOf(corrId: Uint8Array): Buffer {
  return sha3of384(corrId).subarray(0, ID_BYTES);
}

/** A copy: what the server keeps must not hold on to the payload that it came in. */
export const own = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes);

interface Taken {
  has(key: string): boolean;
}

export interface TakenIds {
  readonly queues: Taken;
  readonly bySender: Taken;
  readonly byLink: Taken;
}

function freshId(taken: Taken, env: ServerEnv): Uint8Array | undefined {
  for (let attempt = 0; attempt < ID_ATTEMPTS; attempt++) {
    const id = env.randomBytes(ID_BYTES);
    if (!taken.has(bytesKey(id))) return id;
  }
  return undefined;
}

/**
 * The row of the new queue, or the SMP error: `CMD PROHIBITED` for a sender id that does not follow from the corrId
 * (and for notifications, which this server does not have), `LARGE_MSG` for too much link data, `AUTH` for ids in use,
 * `INTERNAL` for no luck with ids.
 */
export function newQueueRow(
  command: NewQueue,
  corrId: Uint8Array,
  newHash: Uint8Array,
  taken: TakenIds,
  env: ServerEnv,
): QueueRecord | string {
  const { queue } = command;
  const link = queue?.link;
  if (command.notifier) return 'CMD PROHIBITED';
  if (link && isLinkTooLarge(link)) return 'LARGE_MSG';
  if (link && !sameBytes(link.senderId, senderIdOf(corrId))) return 'CMD PROHIBITED';
  if (link && taken.bySender.has(bytesKey(link.senderId))) return 'AUTH';
  const chosenLinkId = queue?.mode === 'C' ? queue.link?.linkId : undefined;
  if (chosenLinkId && taken.byLink.has(bytesKey(chosenLinkId))) return 'AUTH';
  const recipientId = freshId(taken.queues, env);
  const senderId = link?.senderId ?? freshId(taken.bySender, env);
  const linkId = link && (chosenLinkId ?? freshId(taken.byLink, env));
  if (!recipientId || !senderId || (link && !linkId)) return 'INTERNAL';
  return {
    recipientId,
    senderId: own(senderId),
    recipientKey: own(command.recipientKey),
    recipientDhKey: own(command.recipientDhKey),
    serverDhSeed: env.randomBytes(32),
    newHash,
    suspended: false,
    ...(queue && { mode: queue.mode }),
    ...(link &&
      linkId && {
        link: { linkId: own(linkId), fixedData: own(link.fixedData), userData: own(link.userData) },
      }),
  };
}
