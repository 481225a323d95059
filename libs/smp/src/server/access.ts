/** Which queue a command is for, and whether whoever sent it may use it. */
import type { Command } from '../commands/command';
import { bytesKey, sameBytes } from '../encoding';
import type { ServerSession } from '../transport/server-session';
import type { ReceivedTransmission } from '../transport/transmission';
import { blockedError, type QueueRecord, type QueueState } from './queue-state';

interface Index<V> {
  get(key: string): V | undefined;
}

export interface Indexes {
  readonly queues: Index<QueueState>;
  readonly bySender: Index<string>;
  readonly byLink: Index<string>;
}

/** Commands to one queue or link, which an entity id names. */
export type EntityCommand = Exclude<Command, { kind: 'NEW' | 'PING' }>;

export interface Found {
  /** `bytesKey` of the recipient id */
  readonly key: string;
  readonly queue: QueueState;
}

/** Sender, recipient and link ids are in maps of their own: an id of the wrong kind finds nothing. */
function find(kind: EntityCommand['kind'], entityKey: string, indexes: Indexes): Found | undefined {
  const key = recipientKeyOf(kind, entityKey, indexes);
  const queue = key === undefined ? undefined : indexes.queues.get(key);
  return key !== undefined && queue ? { key, queue } : undefined;
}

function recipientKeyOf(kind: EntityCommand['kind'], entityKey: string, indexes: Indexes) {
  if (kind === 'SEND' || kind === 'SKEY') return indexes.bySender.get(entityKey);
  if (kind === 'LKEY' || kind === 'LGET') return indexes.byLink.get(entityKey);
  return entityKey;
}

const NO_KEYS: readonly Uint8Array[] = [];

/** Checks in the same way whether the queue exists or not. */
function isAuthorized(
  command: EntityCommand,
  row: QueueRecord | undefined,
  verifies: (keys: readonly Uint8Array[]) => boolean,
  signed: boolean,
): boolean {
  switch (command.kind) {
    case 'LGET':
      return row !== undefined;
    case 'SKEY':
    case 'LKEY': {
      const verified = verifies([command.key]);
      if (row?.mode !== 'M') return false;
      return verified && (!row.senderKey || sameBytes(row.senderKey, command.key));
    }
    case 'SEND':
      if (!signed) return row !== undefined && !row.senderKey;
      return verifies(row?.senderKey ? [row.senderKey] : NO_KEYS);
    default:
      return verifies(row?.recipientKeys ?? NO_KEYS);
  }
}

/** The queue, or the SMP error: `AUTH`, or what an operator says of a blocked queue. */
export function access(
  command: EntityCommand,
  transmission: ReceivedTransmission,
  session: ServerSession,
  indexes: Indexes,
): Found | string {
  const entityKey = bytesKey(transmission.entityId);
  const found = find(command.kind, entityKey, indexes);
  const verifies = (keys: readonly Uint8Array[]): boolean =>
    session.verifies(keys, entityKey, transmission, found !== undefined);
  const signed = transmission.authorization.length > 0;
  if (!isAuthorized(command, found?.queue.row, verifies, signed) || !found) return 'AUTH';
  return (!passesBlocked(command.kind) && blockedError(found.queue.row.status)) || found;
}

/** SEND looks itself, after the size of its body. */
function passesBlocked(kind: EntityCommand['kind']): boolean {
  return kind === 'OFF' || kind === 'DEL' || kind === 'SEND';
}
