import type { Event, QueuePurpose, RecordRef } from '@chat-relays/protocol';
import type { SignedElement } from '@chat-relays/wire';
import type { Command, QueueId, ReceiveQueue } from '../commands/command';
import type { Observation } from '../observation';
import type { PeerQueue, Received, Sent } from '../sealing/send-queue';

/** An event for a record: a user's, a peer's message, or the reply to a command. */
export interface EventInput {
  readonly ref: RecordRef;
  /** whose record it becomes, should it not exist yet */
  readonly identity: string;
  readonly protocol: string;
  readonly event: Event;
  /** for a reply: it counts only while this command is outstanding */
  readonly command?: Pick<Command, 'id' | 'attempt'>;
  /** the queue that the command made */
  readonly queue?: ReceiveQueue;
  /** queues that the command deleted */
  readonly deleted?: readonly QueueId[];
  /** records that are no more, and commands that are to be carried out before others can go */
  readonly forgotten?: readonly RecordRef[];
  readonly first?: readonly Command[];
  /** of the queue that it came on, or that is gone: it counts while the record is at the same attempt */
  readonly attempt?: number;
  /** the peer's queue, which came with its request or confirmation */
  readonly peer?: PeerQueue;
  /** for a reply: how far sending to the peer has come */
  readonly sent?: Sent;
  /** of the queue that the event came on, kept whatever the event does */
  readonly received?: Received;
  /** what never came on the queue, kept and told if the event moves the record */
  readonly missing?: Received;
  /** traceparent of the cause */
  readonly trace?: string;
  /** told what became of it, after the commit */
  readonly concluded?: (outcome: Extract<Observation, { what: 'decided' }>['outcome']) => void;
}

/** A contact request; which record it is for follows from the record that owns the contact queue. */
export interface KnockInput {
  readonly ref: RecordRef;
  readonly knock: {
    readonly purpose: QueuePurpose;
    readonly event: string;
    readonly params: unknown;
    /** as it came, where the request is signed */
    readonly signed?: Pick<SignedElement, 'binding' | 'signatures' | 'body'>;
  };
  readonly peer: PeerQueue;
  readonly trace?: string;
}

export type Input = EventInput | KnockInput;
