import { sameBytes } from '../encoding';

/** The queue with its sender's key: the same one may come again; with another one, undefined, it is too late. */
export function secure<Q extends { readonly senderKey?: Uint8Array }>(
  queue: Q,
  key: Uint8Array,
): Q | undefined {
  if (!queue.senderKey) return { ...queue, senderKey: Buffer.from(key) };
  return sameBytes(queue.senderKey, key) ? queue : undefined;
}
