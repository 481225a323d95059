import { failure, type Failure, type Issue } from './result';

const empty = new Uint8Array(0);

/**
 * Reads the fields of a binary frame in order, without copying. The first refusal is remembered and every later read
 * is empty, so a decoder reads straight through and asks for `failed` once, at the end.
 */
export class ByteReader {
  #offset: number;
  #refusal: Issue | undefined;

  constructor(
    private readonly bytes: Uint8Array,
    offset = 0,
  ) {
    this.#offset = offset;
  }

  get remaining(): number {
    return this.#refusal === undefined ? this.bytes.length - this.#offset : 0;
  }

  get failed(): Failure | undefined {
    return this.#refusal && failure(this.#refusal.path, this.#refusal.message);
  }

  refuse(path: string, message: string): void {
    this.#refusal ??= { path, message };
  }

  byte(path: string): number {
    return this.#has(1, path) ? this.bytes[this.#offset++] : 0;
  }

  uint16(path: string): number {
    return this.#has(2, path) ? (this.bytes[this.#offset++] << 8) | this.bytes[this.#offset++] : 0;
  }

  /** Big-endian int64; refused when a double cannot hold it. */
  int64(path: string): number {
    const [a, b, c, d, e, f, g, h] = this.take(8, path);
    const high = (a << 24) | (b << 16) | (c << 8) | d;
    const low = ((e << 24) | (f << 16) | (g << 8) | h) >>> 0;
    const value = high * 2 ** 32 + low;
    if (!Number.isSafeInteger(value)) this.refuse(path, 'out of range');
    return value;
  }

  take(length: number, path: string): Uint8Array {
    if (!this.#has(length, path)) return empty;
    return this.bytes.subarray(this.#offset, (this.#offset += length));
  }

  /** Bytes after a one-byte length. */
  short(path: string): Uint8Array {
    return this.take(this.byte(path), path);
  }

  rest(): Uint8Array {
    return this.take(this.remaining, '');
  }

  #has(length: number, path: string): boolean {
    if (this.#refusal === undefined && this.#offset + length > this.bytes.length)
      this.refuse(path, 'truncated');
    return this.#refusal === undefined;
  }
}
