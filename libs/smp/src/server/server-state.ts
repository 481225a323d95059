/** What an SMP server holds: the rows that it stores and the changes to them. */
import type { QueueMode } from '../commands/command';
import type { LinkRecord } from './link';
import type { QueueState, StoredMessage } from './queue';

/** A queue as it is stored. Ids are 24 bytes, but for sender and link ids that a client chose. */
export interface QueueRecord {
  readonly recipientId: Uint8Array;
  readonly senderId: Uint8Array;
  /** DER public key that will authorize the recipient's commands; unique on the server */
  readonly recipientKey: Uint8Array;
  /** DER X25519 public key of the recipient */
  readonly recipientDhKey: Uint8Array;
  /** 32 bytes: the server's X25519 private key for this queue; IDS carries the public one */
  readonly serverDhSeed: Uint8Array;
  /** SHA-256 of the NEW that created the queue: the same bytes again get the same answer */
  readonly newHash: Uint8Array;
  readonly mode?: QueueMode;
  readonly link?: LinkRecord;
  /** true after OFF: nobody can send any more */
  readonly suspended: boolean;
}

export interface MessageRecord extends StoredMessage {
  readonly recipientId: Uint8Array;
}

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

/** A queue in memory: its row, its messages and who is subscribed. */
export type ServerQueue = QueueRecord & QueueState;

/** True when a queue's row has to be written; messages and subscribers have no place in it. */
export function isRowChanged(before: ServerQueue | undefined, after: ServerQueue): boolean {
  return before?.suspended !== after.suspended || before.link !== after.link;
}

/** The row of a queue, without messages and subscriber. */
export function rowOf(queue: ServerQueue): QueueRecord {
  const { messages: _messages, subscriber: _subscriber, ...row } = queue;
  return row;
}

/** Time, chance and limits of a server. */
export interface ServerEnv {
  /** unix seconds */
  now(): number;
  randomBytes(count: number): Uint8Array;
  /** messages that a queue holds before it answers `QUOTA`, at least 1 */
  readonly quota: number;
}

/** The maps of a server. Keys are `bytesKey` of the ids; the values of the indexes are recipient ids. */
export interface ServerMaps {
  readonly queues: Map<string, ServerQueue>;
  readonly bySender: Map<string, string>;
  readonly byLink: Map<string, string>;
  readonly byRecipientKey: Map<string, string>;
  /** session -> its subscribed queues */
  readonly sessions: Map<string, Set<string>>;
  lastSeq: number;
}
