/** What an SMP server holds: the rows that it stores and the changes to them. */
import type { Crypto } from '../crypto';
import type { QueueRecord, QueueState, StoredMessage } from './queue-state';

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
  readonly queues: Map<string, QueueState>;
  readonly bySender: Map<string, string>;
  readonly byLink: Map<string, string>;
  readonly byNewHash: Map<string, string>;
  /** session -> the queues that it subscribed or got messages of */
  readonly sessions: Map<string, Set<string>>;
  lastSeq: number;
}
