import type { Event, QueuePurpose, RecordRef } from '@chat-relays/protocol';
import type { Command, ReceiveQueue } from './command';
import type { PeerQueue, Received, Sent } from './send-queue';

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
  /** the peer's queue, which came with its request or confirmation */
  readonly peer?: PeerQueue;
  /** for a reply: how far sending to the peer has come */
  readonly sent?: Sent;
  /** of the queue that the event came on, kept whatever the event does */
  readonly received?: Received;
  /** traceparent of the cause */
  readonly trace?: string;
}

/** A contact request; which record it is for follows from the record that owns the contact queue. */
export interface KnockInput {
  readonly ref: RecordRef;
  readonly knock: { readonly purpose: QueuePurpose; readonly event: string; readonly params: unknown };
  readonly peer: PeerQueue;
  readonly trace?: string;
}

export type Input = EventInput | KnockInput;
