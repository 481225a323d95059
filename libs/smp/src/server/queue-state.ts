/** A queue as commands see and change it. */
import type { LinkParts, QueueMode } from '../commands/command';
import type { Response } from '../commands/response';
import type { MessageSealer, ReceivedMessage } from '../messages/received-message';

/** `off` after OFF: nobody can send any more. `blocked` by the operator, with what BLOCKED says: `reason=spam`. */
export type QueueStatus = 'active' | 'off' | `blocked ${string}`;

const BLOCKED = 'blocked ';

/** The SMP error of a blocked queue; undefined for one that is not. */
export function blockedError(status: QueueStatus): string | undefined {
  return status.startsWith(BLOCKED) ? `BLOCKED ${status.slice(BLOCKED.length)}` : undefined;
}

export type StoredMessage = ReceivedMessage & {
  /** place in the order of arrival, over all queues of the server */
  readonly seq: number;
  /** 24 bytes */
  readonly msgId: Uint8Array;
  /** the traceparent of the SEND */
  readonly trace?: string;
};

/** A message that was sent to a session and not yet acknowledged by it. */
export interface Delivered {
  readonly msgId: Uint8Array;
  /** unix seconds */
  readonly at: number;
}

export interface Subscriber {
  readonly session: string;
  readonly delivered?: Delivered;
}

export interface LinkRecord extends LinkParts {
  readonly linkId: Uint8Array;
}

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

/**
 * A queue in memory. All of them have the same shape, and what changes with every message is apart from what hardly ever
 * does: a copy with one thing changed is then a small one.
 */
export interface QueueState {
  readonly row: QueueRecord;
  /** oldest first; the marker that says that the queue was full is always the last */
  readonly messages: readonly StoredMessage[];
  readonly subscriber: Subscriber | undefined;
  /** sessions that used GET, with what they got and did not acknowledge */
  readonly getters: ReadonlyMap<string, Delivered | undefined> | undefined;
  /** makes what MSG carries */
  readonly sealer: Pick<MessageSealer, 'seal'>;
}

export function withRow({ messages, subscriber, getters, sealer }: QueueState, row: QueueRecord): QueueState {
  return { row, messages, subscriber, getters, sealer };
}

/** Everything that a decision may not make up itself. */
export interface QueueEnv {
  /** the session that the command came in */
  readonly session: string;
  readonly quota: number;
  readonly trace?: string;
  /** unix seconds */
  now(): number;
  messageId(): Uint8Array;
  nextSeq(): number;
}

/** Something for a session that did not ask: MSG, END or DELD. */
export interface Push {
  readonly session: string;
  readonly response: Response;
  readonly trace?: string;
}

export interface QueueStep {
  /** undefined: the queue is deleted */
  readonly queue: QueueState | undefined;
  readonly response: Response;
  /** the trace of the message, when the response carries one */
  readonly responseTrace?: string;
  /** after the response, in this order */
  readonly pushes: readonly Push[];
  readonly added?: StoredMessage;
  readonly removed?: StoredMessage;
  /** unix seconds at which the message was delivered that this acknowledges */
  readonly deliveredAt?: number;
}
