/** Signing and sealing of a link's two parts: `nonce || box(pad(signature || data))`, of one size whatever is inside. */
import { hsalsa20, NONCE_BYTES, TAG_BYTES, type Crypto, type KeyPair } from '../crypto';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';
import { pad, unpad } from '../padding';

export type LinkPart = 'fixed' | 'user';

/** Bytes of a sealed part. */
export const SEALED_LINK_BYTES: Record<LinkPart, number> = { fixed: 2048, user: 13_824 };
/** Nonce, tag, the length of the padded text, and the signature with its length. */
const OVERHEAD = NONCE_BYTES + TAG_BYTES + 2 + 65;
/** Bytes of data that a sealed part has room for. */
export const MAX_LINK_DATA_BYTES: Record<LinkPart, number> = {
  fixed: SEALED_LINK_BYTES.fixed - OVERHEAD,
  user: SEALED_LINK_BYTES.user - OVERHEAD,
};

const CANNOT_OPEN = refused('A_CRYPTO DECRYPT_CB');

/**
 * SMP's "secret box": the key of the box is HSalsa20 of the symmetric key, which NaCl's own secretbox leaves out.
 * @param nonce 24 bytes, never used before with this key, whatever the part: a box says its nonce, and two texts under
 * one nonce give each other away
 * @throws {RangeError} for more data than `MAX_LINK_DATA_BYTES`
 */
export function sealLinkPart(
  crypto: Crypto,
  part: LinkPart,
  { symmetricKey, signer, nonce }: { symmetricKey: Uint8Array; signer: KeyPair; nonce: Uint8Array },
  data: Uint8Array,
): Buffer {
  const most = MAX_LINK_DATA_BYTES[part];
  if (data.length > most)
    throw new RangeError(`${part} link data of ${data.length} bytes, at most ${most} fit`);
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`a nonce of ${nonce.length} bytes`);
  const signed = new Writer(1 + 64 + data.length).shortString(crypto.sign(signer, data)).raw(data).finish();
  const padded = pad(signed, SEALED_LINK_BYTES[part] - NONCE_BYTES - TAG_BYTES);
  return Buffer.concat([nonce, crypto.seal(hsalsa20(symmetricKey), nonce, padded)]);
}

/** What is inside a sealed part, as `nonce || box` of any size. Refuses with `A_CRYPTO DECRYPT_CB`. */
export function openLinkPart(crypto: Crypto, symmetricKey: Uint8Array, sealed: Uint8Array): Decoded<Buffer> {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return CANNOT_OPEN;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const padded = crypto.open(hsalsa20(symmetricKey), nonce, sealed.subarray(NONCE_BYTES));
  const signed = padded && unpad(padded);
  return signed?.ok ? signed : CANNOT_OPEN;
}

export interface SignedData {
  readonly signature: Buffer;
  /** what the signature covers */
  readonly data: Buffer;
}

/** Refuses with `A_MESSAGE`. */
export function splitSigned(signed: Uint8Array): Decoded<SignedData> {
  const reader = new Reader(signed);
  const signature = reader.shortString();
  const data = reader.tail();
  return reader.failed ? refused('A_MESSAGE') : decoded({ signature, data });
}
