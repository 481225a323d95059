import { createHash, createPrivateKey, createPublicKey, diffieHellman, sign, verify } from 'node:crypto';
import { inputs, type Library, verdict } from './operation';

/** DER of a PKCS#8 private key: the 32 bytes of the seed follow. */
const PKCS8 = {
  ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
};

/** OpenSSL: no XSalsa20, hence neither boxes nor authenticators. */
export function nodeCrypto(): Library {
  const { signingSeed, dhSeed, peerSeed, signed, small } = inputs;
  const signing = privateKey('ed25519', signingSeed);
  const verifying = createPublicKey(signing);
  const signature = sign(null, signed, signing);
  const dh = privateKey('x25519', dhSeed);
  const peer = createPublicKey(privateKey('x25519', peerSeed));
  return {
    name: 'node:crypto',
    runs: {
      'Ed25519 sign 160 B': () => sign(null, signed, signing),
      'Ed25519 verify 160 B': () => verdict(verify(null, signed, verifying, signature)),
      'X25519 DH': () => diffieHellman({ privateKey: dh, publicKey: peer }),
      'X25519 public key of a seed': () =>
        createPublicKey(privateKey('x25519', dhSeed)).export({ format: 'der', type: 'spki' }).subarray(-32),
      'SHA-512 of 1 KiB': () => createHash('sha512').update(small).digest(),
      'SHA3-256 of 1 KiB': () => createHash('sha3-256').update(small).digest(),
    },
  };
}

function privateKey(type: keyof typeof PKCS8, seed: Uint8Array) {
  return createPrivateKey({ key: Buffer.concat([PKCS8[type], seed]), format: 'der', type: 'pkcs8' });
}
