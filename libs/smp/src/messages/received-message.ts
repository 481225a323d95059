/** What a MSG carries (rcvMsgBody; here without padding and box): the sender's message, or the quota marker. */
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';

export type ReceivedMessage =
  | {
      readonly quota: false;
      /** unix seconds, the server's clock */
      readonly timestamp: number;
      readonly notify: boolean;
      readonly body: Uint8Array;
    }
  | { readonly quota: true; readonly timestamp: number };

const QUOTA = 'QUOTA ';

/** `timestamp(Int64) flag SP body`, or `QUOTA timestamp`; memory of its own. */
export function encodeReceivedMessage(message: ReceivedMessage): Buffer {
  if (message.quota) return new Writer(14).ascii(QUOTA).int64(BigInt(message.timestamp)).finish();
  return new Writer(10 + message.body.length)
    .int64(BigInt(message.timestamp))
    .ascii(message.notify ? 'T ' : 'F ')
    .raw(message.body)
    .finish();
}

/** Refuses with `CMD SYNTAX`. The body is not copied. */
export function decodeReceivedMessage(bytes: Uint8Array): Decoded<ReceivedMessage> {
  const reader = new Reader(bytes);
  if (reader.peek() === 'Q') {
    reader.expect(QUOTA);
    const timestamp = Number(reader.int64());
    return reader.complete ? decoded({ quota: true, timestamp }) : refused('CMD SYNTAX');
  }
  const timestamp = Number(reader.int64());
  const notify = reader.bool();
  while (!reader.failed && reader.peek() !== ' ' && reader.peek() !== '') reader.byte();
  reader.expect(' ');
  const body = reader.tail();
  return reader.failed ? refused('CMD SYNTAX') : decoded({ quota: false, timestamp, notify, body });
}
