/** SMP's primitive encodings: big-endian words, one-byte-length short strings, ASCII `0`/`1` for absent/present. */

/** What a decoder answers: the value, or the text of the SMP error that applies. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export const decoded = <T>(value: T): Decoded<T> => ({ ok: true, value });
export const refused = (error: string): Decoded<never> => ({ ok: false, error });

export const EMPTY: Buffer = Buffer.alloc(0);

/** The same memory as a Buffer; nothing is copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return asBuffer(a).equals(b);
}

/** A string that is equal for equal bytes, for use as a map key. */
export function bytesKey(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}

/** Back from `bytesKey`. */
export function keyBytes(key: string): Buffer {
  return Buffer.from(key, 'latin1');
}

const WORD = 2 ** 32;

/** An Int64 of a number that is safe and not negative. */
export function writeCount64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32BE(Math.floor(value / WORD), at);
  buffer.writeUInt32BE(value % WORD, at + 4);
}

/**
 * Reads without copying and without throwing: the first read that does not fit marks the reader as failed, and
 * every read after it answers something empty. Ask `complete` or `failed` at the end.
 */
export class Reader {
  private readonly buffer: Buffer;
  private position: number;
  private broken = false;

  constructor(bytes: Uint8Array, position = 0) {
    this.buffer = asBuffer(bytes);
    this.position = position;
  }

  get failed(): boolean {
    return this.broken;
  }

  /** True when all was understood and nothing is left over. */
  get complete(): boolean {
    return !this.broken && this.position === this.buffer.length;
  }

  fail(): void {
    this.broken = true;
  }

  private advance(count: number): number {
    const start = this.position;
    if (this.broken || start + count > this.buffer.length) {
      this.broken = true;
      return -1;
    }
    this.position = start + count;
    return start;
  }

  byte(): number {
    const at = this.advance(1);
    return at < 0 ? 0 : this.buffer[at];
  }

  char(): string {
    return String.fromCharCode(this.byte());
  }

  /** The next byte as a character, without taking it; '' at the end. */
  peek(): string {
    return this.broken || this.position >= this.buffer.length
      ? ''
      : String.fromCharCode(this.buffer[this.position]);
  }

  bool(): boolean {
    const char = this.char();
    if (char !== 'T' && char !== 'F') this.fail();
    return char === 'T';
  }

  word16(): number {
    const at = this.advance(2);
    return at < 0 ? 0 : this.buffer.readUInt16BE(at);
  }

  int64(): bigint {
    const at = this.advance(8);
    return at < 0 ? 0n : this.buffer.readBigInt64BE(at);
  }

  bytes(count: number): Buffer {
    const at = this.advance(count);
    return at < 0 ? EMPTY : this.buffer.subarray(at, at + count);
  }

  shortString(): Buffer {
    return this.bytes(this.byte());
  }

  /** A short string of UTF-8; bytes that are not UTF-8 fail. */
  text(): string {
    const bytes = this.shortString();
    const text = bytes.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(bytes)) this.fail();
    return text;
  }

  large(): Buffer {
    return this.bytes(this.word16());
  }

  /** What is left, without taking it. */
  rest(): Buffer {
    return this.broken ? EMPTY : this.buffer.subarray(this.position);
  }

  tail(): Buffer {
    return this.bytes(this.buffer.length - this.position);
  }

  /** Fails unless these exact ASCII bytes come next. */
  expect(ascii: string): void {
    for (let i = 0; i < ascii.length; i++) {
      if (this.byte() !== ascii.charCodeAt(i)) this.fail();
    }
  }

  maybe<T>(read: () => T): T | undefined {
    const char = this.char();
    if (char === '1') return read();
    if (char !== '0') this.fail();
    return undefined;
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.byte(); left > 0 && !this.broken; left--) items.push(read());
    return items;
  }
}

/** Writes into a growing buffer. A value that its encoding cannot hold is our own mistake and throws RangeError. */
export class Writer {
  private buffer: Buffer;
  private position = 0;

  /** @param memory to begin in, or how many bytes of it */
  constructor(memory: number | Buffer = 256) {
    this.buffer = typeof memory === 'number' ? Buffer.allocUnsafe(memory) : memory;
  }

  get length(): number {
    return this.position;
  }

  private claim(count: number): number {
    const start = this.position;
    const end = start + count;
    if (end > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, start);
      this.buffer = larger;
    }
    this.position = end;
    return start;
  }

  byte(value: number): this {
    const at = this.claim(1);
    this.buffer[at] = value;
    return this;
  }

  /** A character each: the texts are short, and a call of `Buffer.write` costs more. */
  ascii(text: string): this {
    const at = this.claim(text.length);
    for (let index = 0; index < text.length; index++) this.buffer[at + index] = text.charCodeAt(index);
    return this;
  }

  bool(value: boolean): this {
    return this.ascii(value ? 'T' : 'F');
  }

  word16(value: number): this {
    const at = this.claim(2);
    this.buffer.writeUInt16BE(value, at);
    return this;
  }

  int64(value: bigint): this {
    const at = this.claim(8);
    this.buffer.writeBigInt64BE(value, at);
    return this;
  }

  /** As `int64`, of a number that is safe and not negative: no bigint is made. */
  count64(value: number): this {
    const at = this.claim(8);
    writeCount64(this.buffer, value, at);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.claim(bytes.length);
    this.buffer.set(bytes, at);
    return this;
  }

  /** Bytes that are patched later. */
  space(count: number): this {
    this.claim(count);
    return this;
  }

  shortString(bytes: Uint8Array): this {
    if (bytes.length > 255) throw new RangeError(`short string of ${bytes.length} bytes`);
    return this.byte(bytes.length).raw(bytes);
  }

  text(value: string): this {
    return this.shortString(Buffer.from(value, 'utf8'));
  }

  large(bytes: Uint8Array): this {
    return this.word16(bytes.length).raw(bytes);
  }

  maybe<T>(value: T | undefined, write: (value: T) => void): this {
    this.ascii(value === undefined ? '0' : '1');
    if (value !== undefined) write(value);
    return this;
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    if (items.length > 255) throw new RangeError(`list of ${items.length} items`);
    this.byte(items.length);
    items.forEach(write);
    return this;
  }

  patchByte(at: number, value: number): void {
    this.buffer[at] = value;
  }

  patchWord16(at: number, value: number): void {
    this.buffer.writeUInt16BE(value, at);
  }

  /** What was written from `start` on: the writer's own memory, good until it writes again. */
  written(start: number): Buffer {
    return this.buffer.subarray(start, this.position);
  }

  patch(at: number, bytes: Uint8Array): void {
    this.buffer.set(bytes, at);
  }

  /** Takes bytes back from the end: what was written at and after `length`, as memory of its own. */
  cut(length: number): Buffer {
    const taken = Buffer.from(this.buffer.subarray(length, this.position));
    this.position = length;
    return taken;
  }

  /** The bytes written. The writer must not be used after this: the memory is handed over, not copied. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.position);
  }
}
