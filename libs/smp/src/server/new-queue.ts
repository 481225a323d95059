/** What a NEW makes. */
import type { NewQueue } from '../commands/command';
import { sha3of384 } from '../crypto';
import { bytesKey, sameBytes } from '../encoding';
import { MessageSealer } from '../messages/received-message';
import { isLinkTooLarge } from './link';
import { blockedError, type QueueRecord, type QueueState } from './queue-state';
import type { ServerEnv } from './server-state';

export const ID_BYTES = 24;
const ID_ATTEMPTS = 3;
const SECONDS_PER_DAY = 86_400;

/** The sender id that a client must choose for a NEW with this corrId (24 bytes of SHA3-384). */
export function senderIdOf(corrId: Uint8Array): Buffer {
  return sha3of384(corrId).subarray(0, ID_BYTES);
}

/** Days since 1970. */
export function dayOf(unixSeconds: number): number {
  return Math.floor(unixSeconds / SECONDS_PER_DAY);
}

/** A copy: what the server keeps must not hold on to the payload that it came in. */
const own = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes);

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
 * The new queue, or the SMP error: `AUTH` for who may not create queues and for ids in use, `CMD PROHIBITED` for a sender
 * id that does not follow from the corrId (and for notifications, which this server does not have), `LARGE_MSG` for too
 * much link data, `CRYPTO` for a key that nothing can be sealed for, `INTERNAL` for no luck with ids.
 */
export function newQueue(
  command: NewQueue,
  corrId: Uint8Array,
  newHash: Uint8Array,
  taken: TakenIds,
  env: ServerEnv,
): QueueState | string {
  const { queue } = command;
  const link = queue?.link;
  if (!env.admitsNew(command.basicAuth)) return 'AUTH';
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
  const recipientDhKey = own(command.recipientDhKey);
  const serverDhSeed = env.randomBytes(32);
  const sealer = new MessageSealer(env.crypto, serverDhSeed, recipientDhKey, env.padded);
  if (!sealer.isUsable) return 'CRYPTO';
  const row: QueueRecord = {
    recipientId,
    senderId: own(senderId),
    recipientKeys: [own(command.recipientKey)],
    recipientDhKey,
    serverDhSeed,
    newHash,
    status: 'active',
    updatedOn: dayOf(env.now()),
    ...(queue && { mode: queue.mode }),
    ...(link &&
      linkId && {
        link: { linkId: own(linkId), fixedData: own(link.fixedData), userData: own(link.userData) },
      }),
  };
  return { row, messages: [], subscriber: undefined, getters: undefined, sealer };
}

/** The SMP error for a NEW that comes again: RKEY may have replaced its key since, or the operator blocked the queue. */
export function refusalOfRepeat({ recipientKey }: NewQueue, row: QueueRecord): string | undefined {
  if (!row.recipientKeys.some((key) => sameBytes(key, recipientKey))) return 'AUTH';
  return blockedError(row.status);
}

/** The link id of IDS: what the NEW asked for, whatever became of the link; one that was made here goes with its link. */
export function linkIdOf({ queue: request }: NewQueue, { link }: QueueRecord): Uint8Array | undefined {
  return request?.mode === 'C' ? request.link?.linkId : request?.link && link?.linkId;
}
