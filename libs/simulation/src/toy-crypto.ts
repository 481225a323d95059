import { crc32 } from 'node:zlib';
import { type Crypto, publicKeyOf, publicKeyType } from '@chat-relays/smp';

/**
 * Crypto that hides nothing, at a fiftieth of the price: a wrong key, nonce or byte is noticed as by the real one, so a
 * run shows whether agents keep the right keys, and it is the same run again from its seed. Public keys are their seeds.
 */
export const toyCrypto: Crypto = {
  keyPair: (type, seed) => ({ type, seed, publicKey: publicKeyOf(type, seed) }),
  sign: ({ publicKey }, message) => repeated(64, sumOf([publicKey, message])),
  verify: (publicKey, message, signature) =>
    signature.length === 64 && isRepeated(signature, 64, sumOf([publicKey, message])),
  boxKey({ seed }, publicKey) {
    if (publicKeyType(publicKey) !== 'x25519') return undefined;
    const start = publicKey.length - seed.length;
    const key = Buffer.allocUnsafe(seed.length);
    for (let at = 0; at < seed.length; at++) key[at] = seed[at] ^ publicKey[start + at];
    return key;
  },
  seal(boxKey, nonce, message, sealed = Buffer.allocUnsafe(16 + message.length)) {
    repeat(sealed, 16, sumOf([boxKey, nonce, message]));
    sealed.set(message, 16);
    return sealed;
  },
  open(boxKey, nonce, sealed) {
    if (sealed.length < 16) return undefined;
    const message = Buffer.from(sealed.subarray(16));
    return isRepeated(sealed, 16, sumOf([boxKey, nonce, message])) ? message : undefined;
  },
  sha512: (...parts) => repeated(64, sumOf(parts)),
};

/** Longer parts are summed by zlib, for which a call costs as much as so many bytes. */
const SHORT = 512;

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 of the parts in a row, as 32 bits with a sign. */
function sumOf(parts: readonly Uint8Array[]): number {
  let crc = 0;
  for (const part of parts) {
    if (part.length > SHORT) {
      crc = crc32(part, crc >>> 0) | 0;
      continue;
    }
    crc = ~crc;
    for (let at = 0; at < part.length; at++) crc = (crc >>> 8) ^ TABLE[(crc ^ part[at]) & 0xff];
    crc = ~crc;
  }
  return crc;
}

/** So many bytes that follow from the sum. */
function repeated(length: number, sum: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  repeat(bytes, length, sum);
  return bytes;
}

function repeat(bytes: Uint8Array, length: number, sum: number): void {
  for (let at = 0; at < length; at++) bytes[at] = sum >>> (24 - 8 * (at & 3));
}

function isRepeated(bytes: Uint8Array, length: number, sum: number): boolean {
  for (let at = 0; at < length; at++) {
    if (bytes[at] !== ((sum >>> (24 - 8 * (at & 3))) & 0xff)) return false;
  }
  return true;
}
