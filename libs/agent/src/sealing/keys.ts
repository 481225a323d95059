import type { Crypto, KeyPair, PrivateKey } from '@chat-relays/smp';

/**
 * What a seed is for. Receiving: `recipient` authorizes, `recipient dh` opens, `root` signs the link's data. Sending:
 * `sender` authorizes, `sender dh` seals.
 */
type KeyUse = 'recipient' | 'recipient dh' | 'root' | 'sender' | 'sender dh';

/**
 * At most 32 bytes that follow from a seed of 32 random ones: the same on every try, so that a repeated NEW is the same
 * bytes. Half of a SHA-512: nothing else can be told from it.
 */
export function derived(crypto: Crypto, seed: Uint8Array, what: string, bytes: number): Buffer {
  return crypto.sha512(seed, Buffer.from(`chat-relays ${what}`)).subarray(0, bytes);
}

/** A key of one queue in one direction. Authorization is X25519: 28 times cheaper than a signature. */
export function privateKey(crypto: Crypto, seed: Uint8Array, use: KeyUse): PrivateKey {
  return { type: use === 'root' ? 'ed25519' : 'x25519', seed: derived(crypto, seed, use, 32) };
}

export function keyPair(crypto: Crypto, seed: Uint8Array, use: KeyUse): KeyPair {
  const key = privateKey(crypto, seed, use);
  return crypto.keyPair(key.type, key.seed);
}
