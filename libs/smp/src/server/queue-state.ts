/** A queue as commands see and change it. */
import type { QueueMode } from '../commands/command';
import type { Response } from '../commands/response';
import type { MessageSealer, ReceivedMessage } from '../messages/received-message';
import type { LinkRecord } from './link';

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

export interface QueueState {
  readonly status: QueueStatus;
  readonly mode?: QueueMode;
  readonly recipientKeys: readonly Uint8Array[];
  readonly senderKey?: Uint8Array;
  readonly link?: LinkRecord;
  /** oldest first; the marker that says that the queue was full is always the last */
  readonly messages: readonly StoredMessage[];
  readonly subscriber?: Subscriber;
  /** sessions that used GET, with what they got and did not acknowledge */
  readonly getters?: ReadonlyMap<string, Delivered | undefined>;
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
  /** makes what MSG carries */
  readonly sealer: Pick<MessageSealer, 'seal'>;
}

/** Something for a session that did not ask: MSG, END or DELD. */
export interface Push {
  readonly session: string;
  readonly response: Response;
  readonly trace?: string;
}

export interface QueueStep<Q extends QueueState = QueueState> {
  /** undefined: the queue is deleted */
  readonly queue: Q | undefined;
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
