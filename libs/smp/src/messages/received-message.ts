/** What a MSG carries: the sender's message or the quota marker, sealed from the server to the recipient. */
import { NONCE_BYTES, type Crypto, type PrivateKey } from '../crypto';
import { decoded, Reader, refused, writeCount64, type Decoded } from '../encoding';
import { padInto, unpad, unpaddedSize } from '../padding';

export type ReceivedMessage =
  | {
      readonly quota: false;
      /** unix seconds, the server's clock */
      readonly timestamp: number;
      readonly notify: boolean;
      /** the body of the SEND */
      readonly body: Uint8Array;
    }
  | { readonly quota: true; readonly timestamp: number };

const QUOTA = 'QUOTA ';
/** What MSG carries before it is sealed, padded as SMP does. */
export const PADDED_MESSAGE_BYTES = 16_106;

/** Where messages are padded, one at a time: sealing copies them. */
const sealing = Buffer.allocUnsafeSlow(PADDED_MESSAGE_BYTES);
const MESSAGE_HEAD = 10;
const MARKER_BYTES = 14;
const [T, F, SPACE] = [0x54, 0x46, 0x20];

function plainBytes(message: ReceivedMessage): number {
  return message.quota ? MARKER_BYTES : MESSAGE_HEAD + message.body.length;
}

function writePlain(buffer: Buffer, at: number, message: ReceivedMessage): void {
  if (message.quota) {
    buffer.write(QUOTA, at, 'latin1');
    buffer.writeBigInt64BE(BigInt(message.timestamp), at + QUOTA.length);
    return;
  }
  writeCount64(buffer, message.timestamp, at);
  buffer[at + 8] = message.notify ? T : F;
  buffer[at + 9] = SPACE;
  buffer.set(message.body, at + MESSAGE_HEAD);
}

/** `timestamp(Int64) flag SP body`, or `QUOTA timestamp`; memory of its own. */
export function encodeReceivedMessage(message: ReceivedMessage): Buffer {
  const plain = Buffer.allocUnsafe(plainBytes(message));
  writePlain(plain, 0, message);
  return plain;
}

/** Refuses with `CMD SYNTAX`. The body is not copied. */
export function decodeReceivedMessage(bytes: Uint8Array): Decoded<ReceivedMessage> {
  const reader = new Reader(bytes);
  if (reader.peek() === 'Q') {
    reader.expect(QUOTA);
    const timestamp = Number(reader.int64());
    return reader.complete ? decoded({ quota: true, timestamp }) : refused('CMD SYNTAX');
  }
  const timestamp = Number(reader.int64());
  const notify = reader.bool();
  while (!reader.failed && reader.peek() !== ' ' && reader.peek() !== '') reader.byte();
  reader.expect(' ');
  const body = reader.tail();
  return reader.failed ? refused('CMD SYNTAX') : decoded({ quota: false, timestamp, notify, body });
}

/** Seals the messages of one queue: the nonce is the message's id, so the same message is the same bytes every time. */
export class MessageSealer {
  private boxKey: Buffer | undefined;

  /** @param recipientDhKey DER X25519; `isUsable` tells whether it is a key that can be sealed for */
  constructor(
    private readonly crypto: Crypto,
    private readonly serverDhSeed: Uint8Array,
    private readonly recipientDhKey: Uint8Array,
    private readonly padded: boolean,
  ) {}

  get isUsable(): boolean {
    return this.key() !== undefined;
  }

  seal(msgId: Uint8Array, message: ReceivedMessage): Buffer {
    const length = plainBytes(message);
    const size = this.padded ? PADDED_MESSAGE_BYTES : unpaddedSize(length);
    const padded = padInto(sealing.subarray(0, size), length, (buffer, at) =>
      writePlain(buffer, at, message),
    );
    return this.crypto.seal(this.key()!, msgId, padded);
  }

  private key(): Buffer | undefined {
    const serverKey: PrivateKey = { type: 'x25519', seed: this.serverDhSeed };
    return (this.boxKey ??= this.crypto.boxKey(serverKey, this.recipientDhKey));
  }
}

/**
 * What the recipient got. Refuses with `CRYPTO` what was not sealed with this key and id, and with `CMD SYNTAX`.
 * @param boxKey of the recipient's private key and the server's public key from IDS
 */
export function openReceivedMessage(
  crypto: Crypto,
  boxKey: Uint8Array,
  msgId: Uint8Array,
  sealed: Uint8Array,
): Decoded<ReceivedMessage> {
  const padded = msgId.length === NONCE_BYTES ? crypto.open(boxKey, msgId, sealed) : undefined;
  if (!padded) return refused('CRYPTO');
  const plain = unpad(padded);
  return plain.ok ? decodeReceivedMessage(plain.value) : plain;
}
