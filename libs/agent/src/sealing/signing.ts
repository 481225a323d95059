import type { Crypto } from '@chat-relays/smp';
import type { Signature, Signer } from '@chat-relays/protocol';
import { encodeElement, idBytes, type SignedElement, signedBytes } from '@chat-relays/wire';

/** An element that a member of a group signs, bound to both: it counts in no other group. */
export function signElement(crypto: Crypto, signer: Signer, body: Uint8Array): Uint8Array {
  return encodeElement({ kind: 'signed', binding: 'G', signatures: [sign(crypto, signer, body)], body });
}

export function sign(crypto: Crypto, { seed, publicGroupId, memberId }: Signer, body: Uint8Array): Buffer {
  const key = crypto.keyPair('ed25519', idBytes(seed));
  return crypto.sign(key, Buffer.from(signedBytes(idBytes(publicGroupId), idBytes(memberId), body)));
}

/** All its signatures are this member's, for this group. */
export function isSignedBy(
  crypto: Crypto,
  { binding, signatures, body }: Pick<SignedElement, 'binding' | 'signatures' | 'body'>,
  { key, memberId, publicGroupId }: Signature,
): boolean {
  if (binding !== 'G') return false;
  const message = Buffer.from(signedBytes(publicGroupId, memberId, body));
  return signatures.every((signature) => crypto.verify(key, message, signature));
}
