/** What an SMP server holds: the rows that it stores and the changes to them. */
import type { QueueMode } from '../commands/command';
import type { Crypto } from '../crypto';
import type { MessageSealer } from '../messages/received-message';
import type { LinkRecord } from './link';
import type { QueueState, QueueStatus, StoredMessage } from './queue-state';

/** A queue as it is stored. Ids are 24 bytes, but for sender and link ids that a client chose; keys are DER. */
export interface QueueRecord {
  readonly recipientId: Uint8Array;
  readonly senderId: Uint8Array;
  /** any of them authorizes the recipient's commands; at least one */
  readonly recipientKeys: readonly Uint8Array[];
  /** X25519, of the recipient: bodies are sealed for it */
  readonly recipientDhKey: Uint8Array;
  /** authorizes the sender's commands; a queue without it is not secured */
  readonly senderKey?: Uint8Array;
  /** 32 bytes: the server's X25519 private key for this queue; IDS carries the public one */
  readonly serverDhSeed: Uint8Array;
  /** SHA-256 of corrId and NEW that created the queue: the same bytes again get the same answer */
  readonly newHash: Uint8Array;
  readonly mode?: QueueMode;
  readonly link?: LinkRecord;
  readonly status: QueueStatus;
  /** the day of its last command, in days since 1970 */
  readonly updatedOn: number;
}

export type MessageRecord = StoredMessage & { readonly recipientId: Uint8Array };

/** All that is stored; messages in the order of `seq`. */
export interface Snapshot {
  readonly queues: readonly QueueRecord[];
  readonly messages: readonly MessageRecord[];
}

/** The net difference that a batch makes to what is stored. */
export interface Changes {
  readonly putQueues: readonly QueueRecord[];
  /** recipient ids */
  readonly deletedQueues: readonly Uint8Array[];
  readonly addedMessages: readonly MessageRecord[];
  /** sequence numbers */
  readonly removedMessages: readonly number[];
}

export function isEmpty(changes: Changes): boolean {
  return Object.values(changes).every((rows: readonly unknown[]) => rows.length === 0);
}

/** A queue in memory: its row, its messages, who is subscribed, and what seals its messages. */
export type ServerQueue = QueueRecord & QueueState & { readonly sealer: MessageSealer };

/** True when a queue's row has to be written; messages and subscribers have no place in it. */
export function isRowChanged(before: ServerQueue | undefined, after: ServerQueue): boolean {
  return (
    before?.status !== after.status ||
    before.link !== after.link ||
    before.senderKey !== after.senderKey ||
    before.recipientKeys !== after.recipientKeys ||
    before.updatedOn !== after.updatedOn
  );
}

/** The row of a queue, without what is only in memory. */
export function rowOf(queue: ServerQueue): QueueRecord {
  const { messages: _messages, subscriber: _subscriber, getters: _getters, sealer: _sealer, ...row } = queue;
  return row;
}

/** Time, chance, crypto and limits of a server. */
export interface ServerEnv {
  /** unix seconds */
  now(): number;
  randomBytes(count: number): Uint8Array;
  readonly crypto: Crypto;
  /** messages that a queue holds before it answers `QUOTA`, at least 1 */
  readonly quota: number;
  /** pads what MSG carries to SMP's fixed size, so that nobody on the way sees how long it is */
  readonly padded: boolean;
  /** who may create queues: a NEW that says the password, or any */
  admitsNew(basicAuth: Uint8Array | undefined): boolean;
}

/** The maps of a server. Keys are `bytesKey` of the ids and hashes; the values of the indexes are recipient ids. */
export interface ServerMaps {
  readonly queues: Map<string, ServerQueue>;
  readonly bySender: Map<string, string>;
  readonly byLink: Map<string, string>;
  readonly byNewHash: Map<string, string>;
  /** session -> the queues that it subscribed or got messages of */
  readonly sessions: Map<string, Set<string>>;
  lastSeq: number;
}
