/** Messages of one fixed size: a Word16 length, the message, then `#` to the end. */
import { asBuffer, decoded, refused, type Decoded } from './encoding';

const LENGTH_BYTES = 2;
const MAX_PADDED_MESSAGE = 65_533;
/** `#` */
export const FILL = 0x23;
const NOT_PADDED = refused('A_MESSAGE');

/**
 * @param size bytes of the result, the length included
 * @throws {RangeError} for a message that does not fit
 */
export function pad(message: Uint8Array, size: number): Buffer {
  const most = Math.min(size - LENGTH_BYTES, MAX_PADDED_MESSAGE);
  if (message.length > most) throw new RangeError(`${message.length} bytes to pad, at most ${most} fit`);
  const padded = Buffer.allocUnsafeSlow(size);
  padded.writeUInt16BE(message.length, 0);
  padded.set(message, LENGTH_BYTES);
  padded.fill(FILL, LENGTH_BYTES + message.length);
  return padded;
}

/** The message, in the memory of `padded`. What fills the rest is not looked at. Refuses with `A_MESSAGE`. */
export function unpad(padded: Uint8Array): Decoded<Buffer> {
  if (padded.length < LENGTH_BYTES) return NOT_PADDED;
  const buffer = asBuffer(padded);
  const end = LENGTH_BYTES + buffer.readUInt16BE(0);
  return end > buffer.length ? NOT_PADDED : decoded(buffer.subarray(LENGTH_BYTES, end));
}
