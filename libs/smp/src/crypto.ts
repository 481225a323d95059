/** The one file of this library that uses node:crypto. */
import { createHash, createPrivateKey, hkdfSync } from 'node:crypto';

export type KeyType = 'ed25519' | 'x25519';

/** The header of a DER SubjectPublicKeyInfo: the 32 raw bytes follow. */
const SPKI: Record<KeyType, Buffer> = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  x25519: Buffer.from('302a300506032b656e032100', 'hex'),
};
const CURVE: Record<KeyType, string> = { ed25519: 'Ed25519', x25519: 'X25519' };

const ED448_SPKI = { header: Buffer.from('3043300506032b6571033a00', 'hex'), length: 69 };

export interface KeyPair {
  readonly type: KeyType;
  /** 32 bytes: the private key itself for Ed25519 and X25519 */
  readonly seed: Uint8Array;
  /** 44 bytes, DER SubjectPublicKeyInfo */
  readonly publicKey: Uint8Array;
}

/** The key pair that these 32 bytes determine. Through JWK: PKCS#8 takes OpenSSL ten times as long. */
export function keyPairFromSeed(type: KeyType, seed: Uint8Array): KeyPair {
  if (seed.length !== 32) throw new RangeError(`a key seed is 32 bytes, not ${seed.length}`);
  const d = Buffer.from(seed).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'OKP', crv: CURVE[type], x: '', d }, format: 'jwk' });
  const { x } = key.export({ format: 'jwk' });
  return { type, seed, publicKey: Buffer.concat([SPKI[type], Buffer.from(x!, 'base64url')]) };
}

/** The kind of a DER public key that SMP accepts for queue authorization, or undefined. */
export function publicKeyType(der: Uint8Array): KeyType | 'ed448' | undefined {
  const header = Buffer.from(der.buffer, der.byteOffset, Math.min(12, der.length));
  if (der.length === 44) {
    if (header.equals(SPKI.ed25519)) return 'ed25519';
    if (header.equals(SPKI.x25519)) return 'x25519';
  }
  return der.length === ED448_SPKI.length && header.equals(ED448_SPKI.header) ? 'ed448' : undefined;
}

const digest =
  (algorithm: string) =>
  (bytes: Uint8Array): Buffer =>
    createHash(algorithm).update(bytes).digest();

export const sha256 = digest('sha256');
export const sha3of256 = digest('sha3-256');
export const sha3of384 = digest('sha3-384');

/** HMAC-SHA512 extract and expand, empty salt. */
export function hkdfSha512(keyMaterial: Uint8Array, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha512', keyMaterial, new Uint8Array(0), info, length));
}
