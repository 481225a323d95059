import { batchPrefix, decodeBatch } from './batch';
import { decodeElement, decodeMessageElement, type Element } from './element';
import { splitJsonArray } from './json-array';
import { failure, type Result } from './result';

const jsonArrayPrefix = 0x5b; // "["
const compressedPrefix = 0x58; // "X"

/**
 * The body of an agent message: a batch, a JSON array (contacts send it) or one element.
 * One result per element, in order: a bad element does not spoil the others, a bad frame is one failure after them.
 */
export function decodeBody(bytes: Uint8Array): Result<Element>[] {
  switch (bytes[0]) {
    case undefined:
      return [failure('', 'empty body')];
    case batchPrefix:
      return decodeBatch(bytes);
    case jsonArrayPrefix:
      return decodeJsonArray(bytes);
    case compressedPrefix:
      return [failure('', 'compressed bodies are not supported')];
    default:
      return [decodeElement(bytes)];
  }
}

function decodeJsonArray(bytes: Uint8Array): Result<Element>[] {
  const { items, failed } = splitJsonArray(bytes);
  const elements: Result<Element>[] = items.map(decodeMessageElement);
  return failed ? [...elements, failed] : elements;
}
