import { fitBatch } from '@chat-relays/wire';
import type { RecordRef } from '@chat-relays/protocol';
import type { Command, ReceiveQueue } from '../commands/command';
import type { SendQueue } from '../sealing/send-queue';

/** A received message that a relay forwards: the body once, whatever the number of members. */
export interface NewDeliveryJob {
  readonly relayOwnId: string;
  readonly identity: string;
  /** of the author's message; the second copy of a message makes no second job */
  readonly author: string;
  readonly messageId: string;
  /** a `>` element, ready for a batch */
  readonly element: Uint8Array;
}

/** Which job: of a relay record, by author and message. */
export type JobKey = Pick<NewDeliveryJob, 'relayOwnId' | 'author' | 'messageId'>;

export interface DeliveryJob {
  /** ascending in the order of arrival */
  readonly id: number;
  readonly relayOwnId: string;
  readonly element: Uint8Array;
  /** members up to this seq have it */
  readonly cursor: number;
}

/** A member as it joined: what becomes of a send to it is of no matter once it has joined again. */
export interface MemberAttempt {
  readonly memberId: string;
  readonly attempt: number;
}

export interface Recipient extends MemberAttempt {
  readonly seq: number;
  readonly peer: SendQueue;
}

/** A member whose queue did not take a message: it gets this job and all later ones, in order, from `retryAt` on. */
export interface Behind extends MemberAttempt {
  readonly jobId: number;
  readonly retryAt: number;
  readonly tries: number;
}

/** A connection of a member, with its queues and what is still to be done for it. */
export interface FormerMember extends RecordRef {
  readonly queues: readonly ReceiveQueue[];
  readonly commands: readonly Command[];
}

export interface Former {
  readonly members: readonly FormerMember[];
  /** there are others, who have not got all jobs yet */
  readonly waiting: boolean;
}

/** As many jobs as fit one batch, at least one: an element is checked for size when its job is made. */
export function fitting(jobs: readonly DeliveryJob[]): readonly DeliveryJob[] {
  return jobs.slice(0, Math.max(1, fitBatch(jobs.map(({ element }) => element)).count));
}
