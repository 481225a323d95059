/**
 * The one file of this library that knows crypto libraries: libsodium for keys, signatures and boxes (ADR 0006 says by
 * which figures), node:crypto for the hashes that it lacks and for Ed448.
 */
import { createHash, createPublicKey, verify as verifyWith } from 'node:crypto';
import sodium from 'sodium-native';
import { briefMemory } from './brief-memory';

export type KeyType = 'ed25519' | 'x25519';

/** A private key: the 32 bytes from which it is made. */
export interface PrivateKey {
  readonly type: KeyType;
  readonly seed: Uint8Array;
}

export interface KeyPair extends PrivateKey {
  /** 44 bytes, DER SubjectPublicKeyInfo */
  readonly publicKey: Uint8Array;
}

/** Keys and boxes. Real in every service; the simulation, which would spend all its time on them, brings its own. */
export interface Crypto {
  /** @throws {RangeError} for a seed that is not of 32 bytes */
  keyPair(type: KeyType, seed: Uint8Array): KeyPair;
  /** 64 bytes: Ed25519 */
  sign(key: KeyPair, message: Uint8Array): Buffer;
  /** @param publicKey DER, Ed25519 or Ed448; false for any other and for bytes that are no signature */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /**
   * 32 bytes: the key of boxes between two X25519 keys (HSalsa20 of their DH, as crypto_box makes it). It costs as much
   * as dozens of boxes: keep it. undefined for a public key that is not X25519, or of low order.
   * @param publicKey DER
   */
  boxKey(privateKey: PrivateKey, publicKey: Uint8Array): Buffer | undefined;
  /**
   * XSalsa20-Poly1305: a tag of 16 bytes, then as many bytes as the message.
   * @param nonce 24 bytes
   * @param into where to, of just this length; without, brief memory (brief-memory.ts)
   */
  seal(boxKey: Uint8Array, nonce: Uint8Array, message: Uint8Array, into?: Buffer): Buffer;
  /**
   * undefined when the key, the nonce or a byte is wrong
   * @param into where to, of just the message's length; without, brief memory
   */
  open(boxKey: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, into?: Buffer): Buffer | undefined;
  /** 64 bytes, of all the parts in a row */
  sha512(...parts: readonly Uint8Array[]): Buffer;
}

export const TAG_BYTES = 16;
export const NONCE_BYTES = 24;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** The header of a DER SubjectPublicKeyInfo: the 32 raw bytes follow. */
const SPKI: Record<KeyType, Buffer> = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  x25519: Buffer.from('302a300506032b656e032100', 'hex'),
};
const ED448 = { header: Buffer.from('3043300506032b6571033a00', 'hex'), length: 69 };

/** The kind of a DER public key that SMP accepts for queue authorization, or undefined. */
export function publicKeyType(der: Uint8Array): KeyType | 'ed448' | undefined {
  if (der.length === 44) {
    if (beginsWith(der, SPKI.x25519)) return 'x25519';
    if (beginsWith(der, SPKI.ed25519)) return 'ed25519';
  }
  return der.length === ED448.length && beginsWith(der, ED448.header) ? 'ed448' : undefined;
}

/** It is asked for each command, so that it makes no view of the bytes. */
function beginsWith(bytes: Uint8Array, header: Uint8Array): boolean {
  for (let at = 0; at < header.length; at++) if (bytes[at] !== header[at]) return false;
  return true;
}

/** DER of these 32 raw bytes. */
export function publicKeyOf(type: KeyType, raw: Uint8Array): Buffer {
  return Buffer.concat([SPKI[type], raw]);
}

/** The raw bytes of a DER Ed25519 or X25519 public key. */
export function rawPublicKey(der: Uint8Array): Uint8Array {
  return der.subarray(SPKI.x25519.length);
}

/** What is hashed in one call, which costs less than a call for each part. Longer than any transmission. */
const row = Buffer.allocUnsafeSlow(66_000);

/** The parts in a row, in memory that the next call overwrites. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > row.length) return Buffer.concat(parts);
  let end = 0;
  for (const part of parts) {
    row.set(part, end);
    end += part.length;
  }
  return row.subarray(0, end);
}

export const realCrypto: Crypto = {
  keyPair(type, seed) {
    if (seed.length !== KEY_BYTES) throw new RangeError(`a key seed is 32 bytes, not ${seed.length}`);
    const raw = Buffer.allocUnsafeSlow(KEY_BYTES);
    if (type === 'x25519') sodium.crypto_scalarmult_base(raw, seed);
    else sodium.crypto_sign_seed_keypair(raw, Buffer.alloc(2 * KEY_BYTES), seed);
    return { type, seed, publicKey: publicKeyOf(type, raw) };
  },

  sign({ seed, publicKey }, message) {
    const signature = Buffer.allocUnsafeSlow(SIGNATURE_BYTES);
    sodium.crypto_sign_detached(signature, message, Buffer.concat([seed, rawPublicKey(publicKey)]));
    return signature;
  },

  verify(publicKey, message, signature) {
    const type = publicKeyType(publicKey);
    if (type === 'ed25519') {
      if (signature.length !== SIGNATURE_BYTES) return false;
      return sodium.crypto_sign_verify_detached(signature, message, rawPublicKey(publicKey));
    }
    return type === 'ed448' && verifyEd448(publicKey, message, signature);
  },

  boxKey({ seed }, publicKey) {
    if (publicKeyType(publicKey) !== 'x25519') return undefined;
    const shared = Buffer.allocUnsafe(KEY_BYTES);
    try {
      sodium.crypto_scalarmult(shared, seed, rawPublicKey(publicKey));
    } catch {
      return undefined;
    }
    return hsalsa20(shared);
  },

  seal(boxKey, nonce, message, sealed = briefMemory(TAG_BYTES + message.length)) {
    sodium.crypto_secretbox_easy(sealed, message, nonce, boxKey);
    return sealed;
  },

  open(boxKey, nonce, sealed, message) {
    if (sealed.length < TAG_BYTES) return undefined;
    message ??= briefMemory(sealed.length - TAG_BYTES);
    return sodium.crypto_secretbox_open_easy(message, sealed, nonce, boxKey) ? message : undefined;
  },

  sha512(...parts) {
    const hash = Buffer.allocUnsafe(64);
    sodium.crypto_hash_sha512(hash, parts.length === 1 ? parts[0] : joined(parts));
    return hash;
  },
};

function verifyEd448(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return verifyWith(null, message, key, signature);
  } catch {
    return false;
  }
}

/** "expand 32-byte k", the words of a Salsa20 state that are neither key nor input. */
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

/**
 * HSalsa20 of a key and 16 zero bytes, 32 bytes. libsodium keeps it to itself, but a block of Salsa20 is the same rounds
 * plus the state that they began with, and where HSalsa20 looks that is SIGMA and the zeros.
 */
export function hsalsa20(key: Uint8Array): Buffer {
  const block = Buffer.allocUnsafe(64);
  sodium.crypto_stream_salsa20(block, Buffer.alloc(8), key);
  const derived = Buffer.allocUnsafeSlow(KEY_BYTES);
  SIGMA.forEach((word, index) => {
    derived.writeUInt32LE((block.readUInt32LE(index * 20) - word) >>> 0, index * 4);
  });
  block.copy(derived, 16, 24, 40);
  return derived;
}

const digest =
  (algorithm: string) =>
  (bytes: Uint8Array): Buffer =>
    createHash(algorithm).update(bytes).digest();

export const sha256 = digest('sha256');
export const sha3of256 = digest('sha3-256');
export const sha3of384 = digest('sha3-384');

const HASH_BYTES = 64;
const NOTHING = Buffer.alloc(0);
const HMAC_BLOCK_BYTES = 128;

/** @param key of at most 128 bytes */
function hmacSha512(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const [inner, outer] = [0x36, 0x5c].map((pad) => {
    const block = Buffer.alloc(HMAC_BLOCK_BYTES, pad);
    for (let at = 0; at < key.length; at++) block[at] ^= key[at];
    return block;
  });
  return realCrypto.sha512(outer, realCrypto.sha512(inner, ...parts));
}

/** HMAC-SHA512 extract and expand, empty salt (RFC 5869). The hashes are libsodium's: OpenSSL's HKDF takes several times as long. */
export function hkdfSha512(keyMaterial: Uint8Array, info: string, length: number): Buffer {
  const key = hmacSha512(NOTHING, keyMaterial);
  const blocks: Buffer[] = [];
  for (let n = 1; (n - 1) * HASH_BYTES < length; n++) {
    blocks.push(hmacSha512(key, blocks.at(-1) ?? NOTHING, Buffer.from(info, 'utf8'), Buffer.from([n])));
  }
  return Buffer.concat(blocks, length);
}
