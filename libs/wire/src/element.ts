import { decodeEnvelope, encodeEnvelope, type Envelope, type EnvelopeDraft } from './envelope';
import { decodeFileChunk, encodeFileChunk, fileChunkPrefix, type FileChunkElement } from './file-chunk';
import {
  decodeForwarded,
  encodeForward,
  forwardedPrefix,
  type Forwarded,
  type ForwardHeader,
} from './forwarded-element';
import { failure, success, type Result } from './result';
import { decodeSigned, encodeSigned, signedPrefix, type SignedElement } from './signed-element';

export interface MessageElement {
  readonly kind: 'message';
  readonly bytes: Uint8Array;
  readonly envelope: Envelope;
}

/** What an author sends. */
export type OriginalElement = MessageElement | SignedElement | FileChunkElement;

export type ForwardedElement = Forwarded<OriginalElement>;

/**
 * One element of a body. `bytes` are exactly those received, a view of the body: a relay forwards them as they are,
 * so that signatures stay valid and fields of newer versions survive.
 */
export type Element = OriginalElement | ForwardedElement;

/** An element to send; a decoded element is one too. */
export type ElementDraft =
  | { readonly kind: 'message'; readonly envelope: EnvelopeDraft }
  | Pick<SignedElement, 'kind' | 'binding' | 'signatures' | 'body'>
  | Pick<FileChunkElement, 'kind' | 'msgId' | 'chunkNumber' | 'data'>
  | (ForwardHeader & { readonly kind: 'forwarded'; readonly element: { readonly bytes: Uint8Array } });

const jsonPrefix = 0x7b; // "{"

export function decodeElement(bytes: Uint8Array): Result<Element> {
  return bytes[0] === forwardedPrefix ? decodeForwarded(bytes, decodeOriginal) : decodeOriginal(bytes);
}

export function encodeElement(element: ElementDraft): Uint8Array {
  switch (element.kind) {
    case 'message':
      return encodeEnvelope(element.envelope);
    case 'signed':
      return encodeSigned(element);
    case 'fileChunk':
      return encodeFileChunk(element);
    case 'forwarded':
      return encodeForward(element.sender, element.timeSeconds, element.element.bytes);
  }
}

/** An element that must be a JSON envelope. */
export function decodeMessageElement(bytes: Uint8Array): Result<MessageElement> {
  const envelope = decodeEnvelope(bytes);
  return envelope.ok ? success({ kind: 'message', bytes, envelope: envelope.value }) : envelope;
}

function decodeOriginal(bytes: Uint8Array): Result<OriginalElement> {
  switch (bytes[0]) {
    case jsonPrefix:
      return decodeMessageElement(bytes);
    case signedPrefix:
      return decodeSigned(bytes);
    case fileChunkPrefix:
      return decodeFileChunk(bytes);
    default:
      return failure('', 'invalid element prefix');
  }
}
