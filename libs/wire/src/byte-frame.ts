type Part = number | Uint8Array;

/** Joins single bytes and byte strings in one allocation. */
export function frame(...parts: readonly Part[]): Uint8Array {
  const length = parts.reduce<number>((sum, part) => sum + (typeof part === 'number' ? 1 : part.length), 0);
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    if (typeof part === 'number') {
      joined[offset++] = part;
    } else {
      joined.set(part, offset);
      offset += part.length;
    }
  }
  return joined;
}

/** The one-byte length that goes before `bytes`. Decoded ids always fit; anything longer is our own mistake. */
export function shortLength(bytes: Uint8Array): number {
  if (bytes.length > 0xff) throw new RangeError(`${bytes.length} bytes do not fit a one-byte length`);
  return bytes.length;
}

/** Big-endian int64. */
export function int64(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value >>> 0);
  return bytes;
}
