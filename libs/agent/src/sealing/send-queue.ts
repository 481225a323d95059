import type { ChainPosition } from '@chat-relays/smp';
import type { QueueAddress } from '@chat-relays/protocol';
import type { Gap } from '../forwarding/message';

/** A queue of a peer, as its request or its confirmation told. */
export interface PeerQueue extends QueueAddress {
  /** DER X25519: what is sent there is sealed for it */
  readonly dhKey: Uint8Array;
}

/** A queue that this agent sends to, as it is kept. */
export interface SendQueue extends PeerQueue {
  /** 32 random bytes, kept in the commit that learns of the queue: the key that secures it and the one that seals for it */
  readonly seed: Uint8Array;
  /** the last message that the server took */
  readonly sent: ChainPosition;
}

/** How far sending to a queue has come. */
export interface Sent extends QueueAddress {
  readonly position: ChainPosition;
}

/** What a message told about the queue that it came on. */
export interface Received {
  readonly server: string;
  readonly recipientId: Uint8Array;
  /** DER X25519 of whoever sends on it; came with the first message */
  readonly peerDhKey?: Uint8Array;
  readonly position?: ChainPosition;
  /** unix seconds of the server, beside the position */
  readonly time?: number;
  /** what is missing before this position: kept in the commit that moves to it, and so once */
  readonly gap?: Gap;
}

export function sendQueueKey({ server, senderId }: QueueAddress): string {
  return `${server} ${senderId}`;
}
