import { inputs, type Library, verdict } from './operation';

/** JavaScript; ES modules only. */
export async function noble(): Promise<Library> {
  const [{ ed25519, x25519 }, { xsalsa20poly1305 }, { sha512 }, { sha3_256 }] = await Promise.all([
    import('@noble/curves/ed25519.js'),
    import('@noble/ciphers/salsa.js'),
    import('@noble/hashes/sha2.js'),
    import('@noble/hashes/sha3.js'),
  ]);
  const { signingSeed, dhSeed, peerSeed, signed, boxKey, nonce, small, large } = inputs;
  const publicKey = ed25519.getPublicKey(signingSeed);
  const signature = ed25519.sign(signed, signingSeed);
  const peer = x25519.getPublicKey(peerSeed);
  const seal = (message: Uint8Array): Uint8Array => xsalsa20poly1305(boxKey, nonce).encrypt(message);
  const open = (sealed: Uint8Array): Uint8Array => xsalsa20poly1305(boxKey, nonce).decrypt(sealed);
  const [smallBox, largeBox] = [seal(small), seal(large)];
  return {
    name: '@noble',
    runs: {
      'Ed25519 sign 160 B': () => ed25519.sign(signed, signingSeed),
      'Ed25519 verify 160 B': () => verdict(ed25519.verify(signature, signed, publicKey)),
      'X25519 DH': () => x25519.getSharedSecret(dhSeed, peer),
      'X25519 public key of a seed': () => x25519.getPublicKey(dhSeed),
      'authenticator of 1 KiB': () => seal(sha512(small)),
      'secretbox seal 1 KiB': () => seal(small),
      'secretbox open 1 KiB': () => open(smallBox),
      'secretbox seal 16,106 B': () => seal(large),
      'secretbox open 16,106 B': () => open(largeBox),
      'SHA-512 of 1 KiB': () => sha512(small),
      'SHA3-256 of 1 KiB': () => sha3_256(small),
    },
  };
}
