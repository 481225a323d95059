import { ByteReader } from './byte-reader';
import { decodeElement, type Element } from './element';
import {
  batchElementHeaderLength,
  batchHeaderLength,
  maxBatchElements,
  maxBatchElementSize,
  maxEncodedMsgLength,
} from './limits';
import type { Result } from './result';

export const batchPrefix = 0x3d; // "="
const maxFramedLength = 0xffff;

/** `=` count { length(2) element }×count: a result per element; what cannot be framed is one failure at the end. */
export function decodeBatch(bytes: Uint8Array): Result<Element>[] {
  const reader = new ByteReader(bytes, 1);
  const results: Result<Element>[] = [];
  const count = reader.byte('count');
  for (let index = 0; index < count; index++) {
    const path = `elements[${index}]`;
    const element = reader.take(reader.uint16(path), path);
    if (reader.failed) break;
    results.push(decodeElement(element));
  }
  if (reader.remaining > 0) reader.refuse('', 'bytes after the batch');
  if (reader.failed) results.push(reader.failed);
  return results;
}

/** Always a batch, even of one element, as relays send. The limits are `fitBatch`'s; this refuses the unframeable. */
export function encodeBatch(elements: readonly Uint8Array[]): Uint8Array {
  if (elements.length > maxBatchElements)
    throw new RangeError(`${elements.length} elements do not fit a batch`);
  const length = elements.reduce((sum, element) => sum + framedLength(element), batchHeaderLength);
  const batch = new Uint8Array(length);
  batch[0] = batchPrefix;
  batch[1] = elements.length;
  let offset = batchHeaderLength;
  for (const element of elements) {
    if (element.length > maxFramedLength)
      throw new RangeError(`${element.length} bytes do not fit an element`);
    batch[offset++] = element.length >> 8;
    batch[offset++] = element.length & 0xff;
    batch.set(element, offset);
    offset += element.length;
  }
  return batch;
}

export interface BatchFit {
  /** How many elements, in order from `start`, fit one batch. */
  readonly count: number;
  /** The element after them is too large for any batch: it has to be given up, or the sender never goes on. */
  readonly oversized: boolean;
}

/** Stops at the first element that does not fit, even if a later one would: order is kept. */
export function fitBatch(elements: readonly { readonly length: number }[], start = 0): BatchFit {
  let length = batchHeaderLength;
  let end = start;
  while (end < elements.length && end - start < maxBatchElements) {
    length += framedLength(elements[end]);
    if (length > maxEncodedMsgLength) break;
    end++;
  }
  const next = elements[end];
  return { count: end - start, oversized: next !== undefined && next.length > maxBatchElementSize };
}

function framedLength(element: { readonly length: number }): number {
  return batchElementHeaderLength + element.length;
}
