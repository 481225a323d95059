import sodium from 'libsodium-wrappers';
import { inputs, type Library, verdict } from './operation';

/** libsodium, compiled to WebAssembly. */
export async function libsodiumWrappers(): Promise<Library> {
  await sodium.ready;
  const { signingSeed, dhSeed, peerSeed, signed, boxKey, nonce, small, large } = inputs;
  const { privateKey, publicKey } = sodium.crypto_sign_seed_keypair(signingSeed);
  const signature = sodium.crypto_sign_detached(signed, privateKey);
  const peer = sodium.crypto_scalarmult_base(peerSeed);
  const seal = (message: Uint8Array): Uint8Array => sodium.crypto_secretbox_easy(message, nonce, boxKey);
  const open = (sealed: Uint8Array): Uint8Array => sodium.crypto_secretbox_open_easy(sealed, nonce, boxKey);
  const [smallBox, largeBox] = [seal(small), seal(large)];
  return {
    name: 'libsodium-wrappers',
    runs: {
      'Ed25519 sign 160 B': () => sodium.crypto_sign_detached(signed, privateKey),
      'Ed25519 verify 160 B': () => verdict(sodium.crypto_sign_verify_detached(signature, signed, publicKey)),
      'X25519 DH': () => sodium.crypto_scalarmult(dhSeed, peer),
      'X25519 public key of a seed': () => sodium.crypto_scalarmult_base(dhSeed),
      'authenticator of 1 KiB': () => seal(sodium.crypto_hash(small)),
      'secretbox seal 1 KiB': () => seal(small),
      'secretbox open 1 KiB': () => open(smallBox),
      'secretbox seal 16,106 B': () => seal(large),
      'secretbox open 16,106 B': () => open(largeBox),
      'SHA-512 of 1 KiB': () => sodium.crypto_hash(small),
      'SHA3-256 of 1 KiB': () => sodium.crypto_hash_sha3256(small),
    },
  };
}
