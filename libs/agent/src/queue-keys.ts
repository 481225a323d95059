import { realCrypto, sha256 } from '@chat-relays/smp';

/**
 * The public keys of a new queue, X.509 DER: the recipient's authorization key (Ed25519) and its encryption key (X25519).
 * Both follow from the command's seed, so that every try of a NEW carries the same ones.
 */
export function queueKeys(seed: Uint8Array): { authKey: Uint8Array; dhKey: Uint8Array } {
  return {
    authKey: realCrypto.keyPair('ed25519', seed).publicKey,
    dhKey: realCrypto.keyPair('x25519', sha256(seed)).publicKey,
  };
}
