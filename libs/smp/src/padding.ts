/** Messages of one fixed size: a Word16 length, the message, then `#` to the end. */
import { asBuffer, decoded, refused, type Decoded } from './encoding';

const LENGTH_BYTES = 2;
const MAX_PADDED_MESSAGE = 65_533;
/** `#` */
const FILL = 0x23;
const NOT_PADDED = refused('A_MESSAGE');

/** Bytes of a message that is padded no further than its length. */
export function unpaddedSize(length: number): number {
  return LENGTH_BYTES + length;
}

/**
 * @param size bytes of the result, the length included
 * @throws {RangeError} for a message that does not fit
 */
export function pad(message: Uint8Array, size: number): Buffer {
  return padInto(Buffer.allocUnsafeSlow(size), message.length, (padded, at) => padded.set(message, at));
}

/**
 * Pads a message of `length` bytes, which `write` writes, in memory that there is already; to its end.
 * @throws {RangeError} for a message that does not fit
 */
export function padInto(padded: Buffer, length: number, write: (padded: Buffer, at: number) => void): Buffer {
  const most = Math.min(padded.length - LENGTH_BYTES, MAX_PADDED_MESSAGE);
  if (length > most) throw new RangeError(`${length} bytes to pad, at most ${most} fit`);
  padded.writeUInt16BE(length, 0);
  write(padded, LENGTH_BYTES);
  return padded.fill(FILL, LENGTH_BYTES + length);
}

/** The message, in the memory of `padded`. What fills the rest is not looked at. Refuses with `A_MESSAGE`. */
export function unpad(padded: Uint8Array): Decoded<Buffer> {
  if (padded.length < LENGTH_BYTES) return NOT_PADDED;
  const buffer = asBuffer(padded);
  const end = LENGTH_BYTES + buffer.readUInt16BE(0);
  return end > buffer.length ? NOT_PADDED : decoded(buffer.subarray(LENGTH_BYTES, end));
}
