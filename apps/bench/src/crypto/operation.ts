import { createHash } from 'node:crypto';

/** What SMP asks of a library, by facts/smp.md 1.3 and 1.8; 16,106 bytes is what a MSG is padded to. */
export const operations = [
  'Ed25519 sign 160 B',
  'Ed25519 verify 160 B',
  'X25519 DH',
  'X25519 public key of a seed',
  'authenticator of 1 KiB',
  'secretbox seal 1 KiB',
  'secretbox open 1 KiB',
  'secretbox seal 16,106 B',
  'secretbox open 16,106 B',
  'SHA-512 of 1 KiB',
  'SHA3-256 of 1 KiB',
] as const;

export type Operation = (typeof operations)[number];

/** One operation with all that can be kept ready for it, keys above all. Answers new bytes each time. */
export type Run = () => Uint8Array;

export interface Library {
  readonly name: string;
  /** what is missing it cannot do */
  readonly runs: Partial<Record<Operation, Run>>;
}

/** Bytes that look like any others and are the same in every run. */
function bytesOf(name: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(name).digest();
}

/** The same for every library. */
export const inputs = {
  signingSeed: bytesOf('signing seed', 32),
  dhSeed: bytesOf('DH seed', 32),
  peerSeed: bytesOf('peer seed', 32),
  signed: bytesOf('signed', 160),
  boxKey: bytesOf('box key', 32),
  nonce: bytesOf('nonce', 24),
  small: bytesOf('small', 1_024),
  large: bytesOf('large', 16_106),
} as const;

/** What a verification answers here. @throws {Error} for a good signature that was refused */
export function verdict(right: boolean): Uint8Array {
  if (!right) throw new Error('a good signature was refused');
  return Uint8Array.of(1);
}
