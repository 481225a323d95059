import { crc32 } from 'node:zlib';
import { type Crypto, publicKeyOf, publicKeyType } from '@chat-relays/smp';

/**
 * Crypto that hides nothing, at a fiftieth of the price: a wrong key, nonce or byte is noticed as by the real one, so a
 * run shows whether agents keep the right keys, and it is the same run again from its seed. Public keys are their seeds.
 */
export const toyCrypto: Crypto = {
  keyPair: (type, seed) => ({ type, seed, publicKey: publicKeyOf(type, seed) }),
  sign: ({ publicKey }, message) => check(64, publicKey, message),
  verify: (publicKey, message, signature) => check(64, publicKey, message).equals(signature),
  boxKey({ seed }, publicKey) {
    if (publicKeyType(publicKey) !== 'x25519') return undefined;
    const raw = publicKey.subarray(publicKey.length - seed.length);
    return Buffer.from(seed.map((byte, index) => byte ^ raw[index]));
  },
  seal(boxKey, nonce, message, sealed = Buffer.alloc(16 + message.length)) {
    sealed.set(check(16, boxKey, nonce, message));
    sealed.set(message, 16);
    return sealed;
  },
  open(boxKey, nonce, sealed) {
    const message = Buffer.from(sealed.subarray(16));
    return check(16, boxKey, nonce, message).equals(sealed.subarray(0, 16)) ? message : undefined;
  },
  sha512: (...parts) => check(64, ...parts),
};

/** So many bytes that follow from the parts. */
function check(length: number, ...parts: readonly Uint8Array[]): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(parts.reduce((crc, part) => crc32(part, crc), 0));
  return Buffer.alloc(length, sum);
}
