import sodium from 'sodium-native';
import { inputs, type Library, verdict } from './operation';

/** libsodium, compiled for each platform; every function writes into its first argument. */
export function sodiumNative(): Library {
  const { signingSeed, dhSeed, peerSeed, signed, small, large } = inputs;
  const publicKey = Buffer.alloc(32);
  const secretKey = Buffer.alloc(64);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, signingSeed);
  const sign = (): Buffer =>
    into(64, (signature) => sodium.crypto_sign_detached(signature, signed, secretKey));
  const signature = sign();
  const peer = into(32, (point) => sodium.crypto_scalarmult_base(point, peerSeed));
  const [smallBox, largeBox] = [seal(small), seal(large)];
  return {
    name: 'sodium-native',
    runs: {
      'Ed25519 sign 160 B': sign,
      'Ed25519 verify 160 B': () => verdict(sodium.crypto_sign_verify_detached(signature, signed, publicKey)),
      'X25519 DH': () => into(32, (shared) => sodium.crypto_scalarmult(shared, dhSeed, peer)),
      'X25519 public key of a seed': () => into(32, (point) => sodium.crypto_scalarmult_base(point, dhSeed)),
      'authenticator of 1 KiB': () => seal(sha512(small)),
      'secretbox seal 1 KiB': () => seal(small),
      'secretbox open 1 KiB': () => open(smallBox),
      'secretbox seal 16,106 B': () => seal(large),
      'secretbox open 16,106 B': () => open(largeBox),
      'SHA-512 of 1 KiB': () => sha512(small),
    },
  };
}

function into(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  write(bytes);
  return bytes;
}

function seal(message: Uint8Array): Buffer {
  return into(16 + message.length, (sealed) =>
    sodium.crypto_secretbox_easy(sealed, message, inputs.nonce, inputs.boxKey),
  );
}

function open(sealed: Uint8Array): Buffer {
  return into(sealed.length - 16, (message) => {
    if (!sodium.crypto_secretbox_open_easy(message, sealed, inputs.nonce, inputs.boxKey))
      throw new Error('sodium-native cannot open what it sealed');
  });
}

function sha512(message: Uint8Array): Buffer {
  return into(64, (hash) => sodium.crypto_hash_sha512(hash, message));
}
