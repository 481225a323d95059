import { frame, shortLength } from './byte-frame';
import { ByteReader } from './byte-reader';
import { success, type Result } from './result';

export interface FileChunkElement {
  readonly kind: 'fileChunk';
  readonly bytes: Uint8Array;
  /** The message that announced the file. */
  readonly msgId: Uint8Array;
  /** From 1; 0 cancels the file. */
  readonly chunkNumber: number;
  readonly data: Uint8Array;
}

export const fileChunkPrefix = 0x46; // "F"

/** `F` 0x00 msgId chunk-number data: the 0x00 is an empty slot for an id that upstream never fills. */
export function decodeFileChunk(bytes: Uint8Array): Result<FileChunkElement> {
  const reader = new ByteReader(bytes, 1);
  if (reader.byte('slot') !== 0) reader.refuse('slot', 'expected to be empty');
  const msgId = reader.short('msgId');
  if (msgId.length === 0) reader.refuse('msgId', 'expected 1 to 255 bytes');
  const chunkNumber = reader.byte('chunkNumber');
  const data = reader.rest();
  return reader.failed ?? success({ kind: 'fileChunk', bytes, msgId, chunkNumber, data });
}

export function encodeFileChunk(chunk: Pick<FileChunkElement, 'msgId' | 'chunkNumber' | 'data'>): Uint8Array {
  return frame(fileChunkPrefix, 0, shortLength(chunk.msgId), chunk.msgId, chunk.chunkNumber, chunk.data);
}
