/** What `crypto.ts` uses of sodium-native, which brings no types. Every function writes into its first argument. */
declare module 'sodium-native' {
  interface Sodium {
    /** @throws for a point of low order */
    crypto_scalarmult(shared: Uint8Array, secret: Uint8Array, point: Uint8Array): void;
    crypto_scalarmult_base(point: Uint8Array, secret: Uint8Array): void;
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
    crypto_secretbox_easy(sealed: Uint8Array, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
    crypto_secretbox_open_easy(
      message: Uint8Array,
      sealed: Uint8Array,
      nonce: Uint8Array,
      key: Uint8Array,
    ): boolean;
    crypto_stream_salsa20(stream: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
    crypto_hash_sha512(hash: Uint8Array, message: Uint8Array): void;
  }
  const sodium: Sodium;
  export = sodium;
}
