import type { Command, PrivateKey, Response } from '@chat-relays/smp';

/** One SMP command to one queue, link or (NEW, PING) to none. */
export interface SmpRequest {
  /** recipient, sender or link id; empty for NEW and PING */
  readonly entityId: Uint8Array;
  readonly command: Command;
  /** what authorizes it: the recipient's key of the queue, or the sender's; none where SMP wants none */
  readonly key?: PrivateKey;
  /** 24 bytes; the same on every retry where the server derives ids from it (NEW), else made by the client */
  readonly corrId?: Uint8Array;
  /** W3C traceparent, sent in NATS headers, never inside the transmission */
  readonly trace?: string;
}

/** A queue of ours, and the key that authorizes its recipient. */
export interface OwnQueue {
  readonly recipientId: Uint8Array;
  readonly key: PrivateKey;
}

/** A MSG that the server delivered; it comes again until it is acknowledged. */
export interface IncomingMessage {
  readonly server: string;
  readonly recipientId: Uint8Array;
  readonly msgId: Uint8Array;
  /** as MSG carried it: sealed by the server for the queue's recipient */
  readonly sealed: Uint8Array;
  readonly trace?: string;
}

/** The road to SMP servers. Implemented over NATS (libs/bus) and in memory (libs/simulation). */
export interface Smp {
  /**
   * The server's response, `ERR` included.
   * @throws {TemporaryError} when no answer was had: server away, timeout, session lost, `ERR SESSION`, `ERR STORE`, `ERR INTERNAL`
   */
  request(server: string, request: SmpRequest): Promise<Response>;
  /** Keeps these queues subscribed, through restarts of server and broker, until `close`; idempotent. */
  subscribe(server: string, queues: readonly OwnQueue[]): Promise<void>;
  /** Acknowledges messages of subscribed queues, in blocks; losing an ACK is harmless, the message comes again. */
  acknowledge(messages: readonly Pick<IncomingMessage, 'server' | 'recipientId' | 'msgId'>[]): void;
}

/** No answer was had, or one that says "later": the pump tries again. Everything else is final. */
export class TemporaryError extends Error {
  override readonly name: string = 'TemporaryError';
}

/** The queue takes nothing until its owner has read it: the waits between tries do not grow for ever. */
export class QueueFullError extends TemporaryError {
  override readonly name = 'QueueFullError';
}
