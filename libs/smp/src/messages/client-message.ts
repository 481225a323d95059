/** What SEND carries: one agent's message, sealed for the agent that reads the queue, so that servers see nothing of it. */
import { SMP_CLIENT_VERSIONS } from '../links/address';
import { briefMemory } from '../brief-memory';
import { NONCE_BYTES, publicKeyType, TAG_BYTES, type Crypto } from '../crypto';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';
import { padInto, unpad, unpaddedSize } from '../padding';

/** Bytes before sealing, padded as SMP's agents do. */
export const PADDED_CLIENT_MESSAGE_BYTES = { message: 16_000, confirmation: 15_904 } as const;

/** ClientMessage without a sender's key: its queue was secured by SKEY. */
const NO_SENDER_KEY = '_';

export interface ClientMessageSeal {
  /** of the sender's key for this queue and the recipient's */
  readonly boxKey: Uint8Array;
  /** 24 bytes, new for every message */
  readonly nonce: Uint8Array;
  /** DER X25519, with the first message: from the second on the recipient knows it */
  readonly senderDhKey?: Uint8Array;
  /** to this size; undefined: no longer than the message is */
  readonly paddedTo?: number;
}

/** Where messages are padded, one at a time: sealing copies them. */
const padding = Buffer.allocUnsafeSlow(PADDED_CLIENT_MESSAGE_BYTES.message);

/**
 * `clientVersion Maybe(dhKey) nonce box(pad('_' envelope))`, in brief memory.
 * @param envelope of the agent (agent-envelope.ts)
 * @throws {RangeError} for an envelope that does not fit `paddedTo`
 */
export function sealClientMessage(crypto: Crypto, seal: ClientMessageSeal, envelope: Uint8Array): Buffer {
  const length = NO_SENDER_KEY.length + envelope.length;
  const { boxKey, nonce, senderDhKey, paddedTo = unpaddedSize(length) } = seal;
  const padded = padInto(padding.subarray(0, paddedTo), length, (buffer, at) => {
    buffer.write(NO_SENDER_KEY, at, 'latin1');
    buffer.set(envelope, at + NO_SENDER_KEY.length);
  });
  const boxBytes = TAG_BYTES + padded.length;
  const headBytes = 3 + (senderDhKey ? 1 + senderDhKey.length : 0) + nonce.length;
  const writer = new Writer(briefMemory(headBytes + boxBytes)).word16(SMP_CLIENT_VERSIONS.max);
  writer.maybe(senderDhKey, (key) => writer.shortString(key)).raw(nonce);
  const start = writer.length;
  const message = writer.space(boxBytes).finish();
  crypto.seal(boxKey, nonce, padded, message.subarray(start));
  return message;
}

export interface SealedClientMessage {
  readonly version: number;
  /** DER X25519 */
  readonly senderDhKey?: Uint8Array;
  readonly nonce: Uint8Array;
  readonly box: Uint8Array;
}

/** What can be read without a key. Refuses with `A_MESSAGE`. Nothing is copied. */
export function readClientMessage(bytes: Uint8Array): Decoded<SealedClientMessage> {
  const reader = new Reader(bytes);
  const version = reader.word16();
  const senderDhKey = reader.maybe(() => reader.shortString());
  const nonce = reader.bytes(NONCE_BYTES);
  const box = reader.tail();
  if (senderDhKey && publicKeyType(senderDhKey) !== 'x25519') reader.fail();
  if (reader.failed) return refused('A_MESSAGE');
  return decoded({ version, ...(senderDhKey && { senderDhKey }), nonce, box });
}

/** The agent's envelope. Refuses with `A_CRYPTO` what was not sealed for this key, and with `A_MESSAGE`. */
export function openClientMessage(
  crypto: Crypto,
  boxKey: Uint8Array,
  { nonce, box }: SealedClientMessage,
): Decoded<Buffer> {
  const padded = crypto.open(boxKey, nonce, box);
  if (!padded) return refused('A_CRYPTO');
  const message = unpad(padded);
  if (!message.ok) return message;
  const reader = new Reader(message.value);
  reader.expect(NO_SENDER_KEY);
  const envelope = reader.tail();
  return reader.failed ? refused('A_MESSAGE') : decoded(envelope);
}
