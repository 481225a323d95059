import { decodeBase64Url, encodeBase64Url } from './base64url';
import { bytes } from './schema';

/**
 * memberId, msgId, publicGroupId: opaque byte strings. Upstream's own are 16 ASCII characters, its tests use 4 bytes.
 * At most 255 bytes, because binary elements and signed prefixes give their length in one byte.
 */
export const identifier = bytes(1, 255);

/** An Ed25519 public key as X.509 SPKI DER. */
export const memberKey = bytes(44, 44);

/** An id as text, for keys of maps and databases: base64url as in JSON, so that logs and databases read alike. */
export function textId(id: Uint8Array): string {
  return encodeBase64Url(id);
}

/** The id that `textId` wrote. @throws {RangeError} for text that it cannot have written */
export function idBytes(text: string): Uint8Array {
  const id = decodeBase64Url(text);
  if (!id) throw new RangeError(`"${text}" is not an id`);
  return id;
}
