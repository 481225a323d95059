import { frame, shortLength } from './byte-frame';
import { ByteReader } from './byte-reader';
import { decodeEnvelope, type Envelope } from './envelope';
import { success, type Result } from './result';

/** What the signature is bound to: a group member, a direct connection or a channel. */
export type SignatureBinding = 'G' | 'D' | 'C';

export interface SignedElement {
  readonly kind: 'signed';
  readonly bytes: Uint8Array;
  readonly binding: SignatureBinding;
  /** Ed25519 signatures of the member, at least one. They are not verified here. */
  readonly signatures: readonly Uint8Array[];
  /** The exact JSON that was signed. */
  readonly body: Uint8Array;
  readonly envelope: Envelope;
}

export const signedPrefix = 0x2f; // "/"
const bindings: readonly string[] = ['G', 'D', 'C'] satisfies SignatureBinding[];
const memberKeyRef = 0x4d; // "M"
const signatureLength = 64;

/** `/` binding count { `M` 0x40 signature }×count JSON envelope. */
export function decodeSigned(bytes: Uint8Array): Result<SignedElement> {
  const reader = new ByteReader(bytes, 1);
  const binding = String.fromCharCode(reader.byte('binding')) as SignatureBinding;
  if (!bindings.includes(binding)) reader.refuse('binding', 'expected G, D or C');
  const count = reader.byte('signatures');
  if (count === 0) reader.refuse('signatures', 'expected at least one');
  const signatures = Array.from({ length: count }, (_, index) =>
    readSignature(reader, `signatures[${index}]`),
  );
  const body = reader.rest();
  if (reader.failed) return reader.failed;
  const envelope = decodeEnvelope(body);
  return envelope.ok
    ? success({ kind: 'signed', bytes, binding, signatures, body, envelope: envelope.value })
    : envelope;
}

/** What a group member signs: the binding and whose group it is, so that it counts in no other group. */
export function signedBytes(publicGroupId: Uint8Array, memberId: Uint8Array, body: Uint8Array): Uint8Array {
  const binding: SignatureBinding = 'G';
  return frame(
    binding.charCodeAt(0),
    shortLength(publicGroupId),
    publicGroupId,
    shortLength(memberId),
    memberId,
    body,
  );
}

export function encodeSigned(element: Pick<SignedElement, 'binding' | 'signatures' | 'body'>): Uint8Array {
  const { binding, signatures, body } = element;
  const signed = signatures.flatMap((signature) => [memberKeyRef, signatureLength, signature]);
  return frame(signedPrefix, binding.charCodeAt(0), signatures.length, ...signed, body);
}

function readSignature(reader: ByteReader, path: string): Uint8Array {
  if (reader.byte(path) !== memberKeyRef) reader.refuse(path, 'expected a member key reference');
  if (reader.byte(path) !== signatureLength) reader.refuse(path, `expected ${signatureLength} bytes`);
  return reader.take(signatureLength, path);
}
