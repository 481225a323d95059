import type { ChainPosition } from '@chat-relays/smp';
import type {
  Ask,
  HistoryRest,
  Noun,
  OwnerIdentity,
  QueueAddress,
  QueuePurpose,
  RecordRef,
} from '@chat-relays/protocol';
import type { SendQueue, Sent } from '../sealing/send-queue';

/** What JOIN and LGET work on. */
export interface LinkAim {
  readonly link: string;
}

/** What NEW makes: a contact queue with a short link. */
export interface NewAim {
  /** the link's letter: c group, g relay link, r relay address */
  readonly type: 'c' | 'g' | 'r';
  readonly purpose: QueuePurpose;
  /** connecting through the link itself is allowed */
  readonly direct: boolean;
  /** JSON of the link's user data */
  readonly data: object;
  /** of a group: who owns it, and signs the data */
  readonly owner?: OwnerIdentity;
  /** base64url of 32 bytes, from which the link is made, where it is known before it exists */
  readonly seed?: string;
}

/** What LSET writes is read when it executes: every relay link of the group that is accepted by then. */
export interface GroupAim {
  readonly groupId: string;
}

/** What DEL deletes: all queues of the record, or those of its connections alone. */
export interface DeletionAim {
  readonly keepLink?: boolean;
}

/** What HIST sends: the relay's newest messages, or what is left of them. */
export interface HistoryAim extends Partial<HistoryRest> {
  readonly relayOwnId: string;
}

/** What CLEAN deletes: what a relay has of members of this life of its and those before. */
export interface CleanAim {
  readonly relayOwnId: string;
  readonly life: number;
  /** those who have not been told are not waited for */
  readonly untold: boolean;
}

/**
 * An arrow that a row set off. It is committed together with the record, and leaves the queue only in the commit that
 * consumes its reply; so first try, retry and restart are one path.
 */
export interface Command extends Ask {
  /** noun:record/attempt/step/kind; the SMP server sees the same bytes on every try */
  readonly id: string;
  readonly noun: Noun;
  readonly recordId: string;
  readonly attempt: number;
  readonly identity: string;
  readonly protocol: string;
  /** commands of a lane execute one after the other, in the order of their commits */
  readonly lane: string;
  readonly aim?: LinkAim | NewAim | GroupAim | DeletionAim | HistoryAim | CleanAim;
  readonly peer?: QueueAddress;
  /** the peer's queue as it is kept, when the command is leased */
  readonly to?: SendQueue;
  /** the element that JOIN, ACPT and SEND carry */
  readonly body?: Uint8Array;
  /** 32 random bytes from which keys, ids and correlation ids of this command are derived, the same on every try */
  readonly seed: Uint8Array;
  /** traceparent of the saga, and of the span that asked */
  readonly trace?: string;
  readonly cause?: string;
  /** tries so far */
  readonly tries: number;
}

/** A queue of this agent at its SMP server. */
export interface ReceiveQueue extends RecordRef {
  readonly server: string;
  readonly recipientId: Uint8Array;
  readonly identity: string;
  readonly protocol: string;
  readonly purpose: QueuePurpose;
  /** of the record when it was made: what the peer of an earlier attempt says counts no more */
  readonly attempt: number;
  /** of the command that made it: its keys follow from it (keys.ts) */
  readonly seed: Uint8Array;
  /** DER X25519 of the server for this queue */
  readonly serverDhKey: Uint8Array;
  /** DER X25519 of the peer that sends on it; unknown before its first message, and never known of contact queues */
  readonly peerDhKey?: Uint8Array;
  /** the last message of the peer */
  readonly received: ChainPosition;
  /** unix seconds of the server at which it got that */
  readonly receivedTime?: number;
  /** for contact queues; the fixed data as the server has it, sealed */
  readonly link?: { readonly uri: string; readonly linkId: Uint8Array; readonly fixedData: Uint8Array };
}

/** Which queue of this agent. */
export type QueueId = Pick<ReceiveQueue, 'server' | 'recipientId'>;

/** How a command ended, for good: the event that its record sees. */
export interface Reply {
  readonly name: string;
  readonly facts: object;
  readonly queue?: ReceiveQueue;
  /** queues that are no more */
  readonly deleted?: readonly QueueId[];
  /** records that are no more */
  readonly forgotten?: readonly RecordRef[];
  /** what is to be done before it can go on */
  readonly first?: readonly Command[];
  /** how far sending has come */
  readonly sent?: Sent;
}

/** A relay link that was ready. */
export interface TakenLink {
  readonly queue: ReceiveQueue;
  /** the record of the pool that it was taken from, now or when it was asked before; undefined when it came from none */
  readonly from?: string;
}
