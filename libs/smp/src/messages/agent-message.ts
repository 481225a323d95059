/** A numbered message of a connection: each one names the one before by its hash, so that the reader notices gaps. */
import { sha256 } from '../crypto';
import { decoded, EMPTY, Reader, refused, sameBytes, Writer, type Decoded } from '../encoding';

/** How far a sender or a reader has come in one direction. */
export interface ChainPosition {
  /** 0 before the first message */
  readonly id: number;
  /** SHA-256 of the last message; empty before the first */
  readonly hash: Uint8Array;
}

export const CHAIN_START: ChainPosition = { id: 0, hash: EMPTY };

export interface AgentMessage {
  /** counts from 1, per queue */
  readonly id: number;
  readonly previousHash: Uint8Array;
  readonly body: Uint8Array;
}

export interface NumberedMessage {
  /** ready for an agent envelope */
  readonly bytes: Buffer;
  /** once it is sent */
  readonly position: ChainPosition;
}

/** The next message after `last`: `'M' id(Int64) previousHash(shortString) 'M' body`. */
export function numberMessage(last: ChainPosition, body: Uint8Array): NumberedMessage {
  const id = last.id + 1;
  const bytes = new Writer(48 + body.length)
    .ascii('M')
    .int64(BigInt(id))
    .shortString(last.hash)
    .ascii('M')
    .raw(body)
    .finish();
  return { bytes, position: { id, hash: sha256(bytes) } };
}

/** Refuses with `A_MESSAGE`, also what is no message of a user (HELLO, receipts, queue rotation). */
export function readAgentMessage(bytes: Uint8Array): Decoded<AgentMessage> {
  const reader = new Reader(bytes);
  reader.expect('M');
  const id = reader.int64();
  const previousHash = reader.shortString();
  reader.expect('M');
  const body = reader.tail();
  if (id < 1n || id > BigInt(Number.MAX_SAFE_INTEGER)) reader.fail();
  return reader.failed ? refused('A_MESSAGE') : decoded({ id: Number(id), previousHash, body });
}

/** What a message's number and hash say of those before it; it is delivered all the same. */
export type Integrity =
  | { readonly is: 'ok' | 'duplicate' | 'bad_id' | 'bad_hash' }
  | { readonly is: 'skipped'; readonly from: number; readonly to: number };

export function integrityOf(last: ChainPosition, { id, previousHash }: AgentMessage): Integrity {
  if (id === last.id) return { is: 'duplicate' };
  if (id < last.id) return { is: 'bad_id' };
  if (id > last.id + 1) return { is: 'skipped', from: last.id + 1, to: id - 1 };
  return { is: sameBytes(previousHash, last.hash) ? 'ok' : 'bad_hash' };
}
