import { sameBytes } from '../encoding';
import type { QueueRecord } from './queue-state';

/** The queue with its sender's key: the same one may come again; with another one, undefined, it is too late. */
export function secure(row: QueueRecord, key: Uint8Array): QueueRecord | undefined {
  if (!row.senderKey) return { ...row, senderKey: Buffer.from(key) };
  return sameBytes(row.senderKey, key) ? row : undefined;
}
