/** The bytes of a row of `message_blocks`: what one commit added and removed. */
import { asBuffer, type MessageRecord, Reader, writeCount64, Writer } from '@chat-relays/smp';

/** Recipient and message ids, which the server makes. */
const ID_BYTES = 24;
const SEQ_BYTES = 8;

/**
 * Of each message: seq(Int64) recipientId(24) msgId(24) timestamp(Int64) kind(`T`, `F`: notify; `Q`: quota marker)
 * trace(shortString) body(Large).
 */
export function encodeMessages(messages: readonly MessageRecord[]): Buffer {
  const writer = new Writer(Math.max(256, messages.length * 1_280));
  for (const message of messages) {
    writer.count64(message.seq).raw(message.recipientId).raw(message.msgId);
    writer.count64(message.timestamp);
    writer.ascii(message.quota ? 'Q' : message.notify ? 'T' : 'F');
    if (message.trace === undefined) writer.byte(0);
    else writer.text(message.trace);
    if (!message.quota) writer.large(message.body);
  }
  return writer.finish();
}

/** @throws {Error} for bytes that `encodeMessages` did not write: better no start than half of the messages */
export function decodeMessages(bytes: Buffer): MessageRecord[] {
  const reader = new Reader(bytes);
  const messages: MessageRecord[] = [];
  while (!reader.complete && !reader.failed) messages.push(readMessage(reader));
  if (reader.failed) throw new Error(`a message block of ${bytes.length} bytes is damaged`);
  return messages;
}

function readMessage(reader: Reader): MessageRecord {
  const seq = Number(reader.int64());
  const recipientId = reader.bytes(ID_BYTES);
  const msgId = reader.bytes(ID_BYTES);
  const timestamp = Number(reader.int64());
  const kind = reader.char();
  const trace = reader.text();
  const message = { seq, recipientId, msgId, timestamp, ...(trace && { trace }) };
  if (kind === 'Q') return { ...message, quota: true };
  if (kind !== 'T' && kind !== 'F') reader.fail();
  return { ...message, quota: false, notify: kind === 'T', body: reader.large() };
}

/** Sequence numbers, an Int64 each. */
export function encodeSeqs(seqs: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(seqs.length * SEQ_BYTES);
  seqs.forEach((seq, index) => writeCount64(bytes, seq, index * SEQ_BYTES));
  return bytes;
}

export function decodeSeqs(bytes: Uint8Array): number[] {
  const buffer = asBuffer(bytes);
  return Array.from({ length: buffer.length / SEQ_BYTES }, (_, index) =>
    Number(buffer.readBigInt64BE(index * SEQ_BYTES)),
  );
}
