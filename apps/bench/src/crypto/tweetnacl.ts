import nacl from 'tweetnacl';
import { inputs, type Library, verdict } from './operation';

/** JavaScript, one file. */
export function tweetnacl(): Library {
  const { signingSeed, dhSeed, peerSeed, signed, boxKey, nonce, small, large } = inputs;
  const { publicKey, secretKey } = nacl.sign.keyPair.fromSeed(signingSeed);
  const signature = nacl.sign.detached(signed, secretKey);
  const peer = nacl.scalarMult.base(peerSeed);
  const seal = (message: Uint8Array): Uint8Array => nacl.secretbox(message, nonce, boxKey);
  const [smallBox, largeBox] = [seal(small), seal(large)];
  const open = (sealed: Uint8Array): Uint8Array => {
    const message = nacl.secretbox.open(sealed, nonce, boxKey);
    if (!message) throw new Error('tweetnacl cannot open what it sealed');
    return message;
  };
  return {
    name: 'tweetnacl',
    runs: {
      'Ed25519 sign 160 B': () => nacl.sign.detached(signed, secretKey),
      'Ed25519 verify 160 B': () => verdict(nacl.sign.detached.verify(signed, signature, publicKey)),
      'X25519 DH': () => nacl.scalarMult(dhSeed, peer),
      'X25519 public key of a seed': () => nacl.scalarMult.base(dhSeed),
      'authenticator of 1 KiB': () => seal(nacl.hash(small)),
      'secretbox seal 1 KiB': () => seal(small),
      'secretbox open 1 KiB': () => open(smallBox),
      'secretbox seal 16,106 B': () => seal(large),
      'secretbox open 16,106 B': () => open(largeBox),
      'SHA-512 of 1 KiB': () => nacl.hash(small),
    },
  };
}
