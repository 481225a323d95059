import type { Noun, RecordRef, SagaRecord } from '@chat-relays/protocol';
import type { Command, QueueId, ReceiveQueue, TakenLink } from './commands/command';
import type {
  Behind,
  DeliveryJob,
  Former,
  JobKey,
  MemberAttempt,
  NewDeliveryJob,
  Recipient,
} from './forwarding/delivery';
import type { Inserted, NewMessage, NewPost } from './forwarding/message';
import type { Crypto } from '@chat-relays/smp';
import type { Observation } from './observation';
import type { Received, SendQueue, Sent } from './sealing/send-queue';
import type { Stuck, Waiting } from './timers/waiting';

/** Everything that one commit writes. */
export interface Changes {
  readonly records: readonly SagaRecord[];
  readonly commands: readonly Command[];
  /** ids of commands whose replies this commit handles */
  readonly consumed: readonly string[];
  readonly queues: readonly ReceiveQueue[];
  /** queues that are no more */
  readonly deleted: readonly QueueId[];
  /** records that are no more, with the queues of their peers; one that still has a queue or a command stays */
  readonly forgotten: readonly RecordRef[];
  /** what an owner sent: the newest are kept for relays that come later */
  readonly posts: readonly NewPost[];
  readonly jobs: readonly NewDeliveryJob[];
  /** jobs of before that go to nobody any more, as far as they have not gone */
  readonly withdrawn: readonly JobKey[];
  /** queues of peers; one that is known keeps its seed */
  readonly sendQueues: readonly SendQueue[];
  readonly sent: readonly Sent[];
  readonly received: readonly Received[];
}

export const noChanges: Changes = {
  records: [],
  commands: [],
  consumed: [],
  queues: [],
  deleted: [],
  forgotten: [],
  posts: [],
  jobs: [],
  withdrawn: [],
  sendQueues: [],
  sent: [],
  received: [],
};

/** One transaction. What `load` and `outstanding` return stays locked until it ends. */
export interface Unit {
  load(refs: readonly RecordRef[]): Promise<SagaRecord[]>;
  /** those of these commands that are still in the queue */
  outstanding(ids: readonly string[]): Promise<string[]>;
  /** the owner's records of a group's relays, oldest first */
  relaysOf(groupId: string): Promise<SagaRecord[]>;
  /** the newest posts of a group, at most HISTORY, oldest first */
  recentPosts(groupId: string): Promise<NewPost[]>;
  save(changes: Partial<Changes>): Promise<void>;
}

/** Records, command queue and receive queues: the agent's durable state. Contract suite: libs/simulation. */
export interface Store {
  /** @throws {TemporaryError} when the database is away or the transaction has to be tried again */
  commit<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
  /**
   * Takes commands that are due, in order, from at most `lanes` lanes of which nobody else holds a lease, with the
   * queues that they go to; several agents may do so at once. Lanes are whole: a later command never without the
   * earlier ones. What was leased or postponed to a moment after `latest` was so by a clock that was ahead: it is due.
   */
  lease(request: {
    lanes: number;
    perLane: number;
    now: number;
    until: number;
    latest?: number;
  }): Promise<Command[]>;
  /** keeps leased commands longer */
  renew(ids: readonly string[], until: number): Promise<void>;
  /** gives leased commands back: to be tried again at `dueAt`; `tried` counts a try */
  postpone(ids: readonly string[], dueAt: number, tried: boolean): Promise<void>;
  queues(identity?: string): Promise<ReceiveQueue[]>;
  /** the contact queue of a record's own link */
  linkOf(ref: RecordRef): Promise<ReceiveQueue | undefined>;
  /** all queues of a record */
  queuesOf(ref: RecordRef): Promise<ReceiveQueue[]>;
  /**
   * Gives a relay link of the identity's pool to a record, once: one that has a link of this attempt keeps it.
   * Answers the queue with its link, and the record of the pool that it was taken from, which may not know it yet;
   * undefined when none is ready.
   */
  takeLink(ref: RecordRef, identity: string, attempt: number): Promise<TakenLink | undefined>;
  /** records of a noun in these statuses, by identity where one is given */
  recordsIn(noun: Noun, statuses: readonly string[], identity?: string): Promise<OwnedRef[]>;
  /**
   * records that wait and have done so since `before` (unix ms) or longer: those that come after `after`, by time and
   * then id, at most `limit`
   */
  stuck(request: {
    waiting: readonly Waiting[];
    before: number;
    after: { readonly since: number; readonly id: string };
    limit: number;
  }): Promise<Stuck[]>;
}

/** A record, whose it is, and by which protocol it goes. */
export type OwnedRef = Pick<SagaRecord, 'noun' | 'id' | 'identity' | 'protocol'>;

/** A member's messages. */
export interface Messages {
  /**
   * Inserts those whose (membership, author, message id) is new, in order, and keeps how far each queue has come. A
   * later copy with another body is evidence: kept once for each connection, `MOST_DIVERGENT_COPIES` of them. A later
   * copy with the same body that another relay brought corroborates the first.
   */
  insert(messages: readonly NewMessage[], received: readonly Received[]): Promise<Inserted>;
}

/**
 * A relay's delivery jobs: one body and one cursor each, and the members that could not keep up. What is told of a member
 * that has joined again meanwhile is dropped.
 */
export interface Deliveries {
  /** relay records with a pending job or a member that is due again */
  pending(identity: string, now: number, latest?: number): Promise<string[]>;
  /** the oldest pending jobs of a relay record that stand at the same cursor, in order */
  next(relayOwnId: string, limit: number): Promise<DeliveryJob[]>;
  /** members that receive and are not behind, `seq > after`, ascending */
  recipients(relayOwnId: string, after: number, limit: number): Promise<Recipient[]>;
  /** moves the cursor of these jobs in one commit with the members that fell behind at the first of them */
  advance(
    jobs: readonly DeliveryJob[],
    cursor: number | 'complete',
    behind: readonly Behind[],
    sent: readonly Sent[],
  ): Promise<void>;
  /** members that are due again, with their oldest undelivered job; also those that wait until after `latest` */
  due(relayOwnId: string, now: number, limit: number, latest?: number): Promise<(Recipient & Behind)[]>;
  /** complete jobs from `from` on, in order */
  completed(relayOwnId: string, from: number, limit: number): Promise<DeliveryJob[]>;
  /** the newest complete jobs, at most `limit`, in order */
  newest(relayOwnId: string, limit: number): Promise<DeliveryJob[]>;
  /** a member has everything up to `upTo`; when that is the newest complete job it is no longer behind */
  caughtUp(member: MemberAttempt, upTo: number, sent: readonly Sent[]): Promise<void>;
  stillBehind(behind: readonly Behind[]): Promise<void>;
  /**
   * members of this life of a relay and those before, at most `limit`; those who have not got all jobs only when `untold`
   * @param request.past those after it in their order, then their other connections
   */
  former(request: {
    relayOwnId: string;
    life: number;
    untold: boolean;
    limit: number;
    past?: RecordRef;
  }): Promise<Former>;
  /** deletes jobs, the newest first, while the relay is in one of these statuses; answers how many */
  forget(relayOwnId: string, statuses: readonly string[], limit: number): Promise<number>;
}

/** The process around the agent: time, randomness, and whom to tell. The simulation makes all of them seeded. */
export interface Host {
  /** unix ms */
  now(): number;
  sleep(ms: number): Promise<void>;
  random(bytes: number): Uint8Array;
  readonly crypto: Crypto;
  observe(observation: Observation): void;
  /** a named point at which tests kill the process */
  failpoint?(name: string): Promise<void>;
}
