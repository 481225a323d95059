/** What QUE tells about a queue: INFO carries it as JSON. */
import type { Reader, Writer } from '../encoding';

export interface QueueInfo {
  /** the queue is secured: its sender has a key */
  readonly qiSnd: boolean;
  /** the queue has a notifier; here never */
  readonly qiNtf: boolean;
  readonly qiSub?: {
    readonly qSubThread: 'noSub' | 'subPending' | 'subThread' | 'prohibitSub';
    /** base64url of the message that was sent and is not acknowledged */
    readonly qDelivered?: string;
  };
  /** messages in the queue, the quota marker included */
  readonly qiSize: number;
  /** the oldest message */
  readonly qiMsg?: {
    /** base64url */
    readonly msgId: string;
    /** ISO 8601, UTC, whole seconds */
    readonly msgTs: string;
    readonly msgType: 'message' | 'quota';
  };
}

export function writeQueueInfo(writer: Writer, info: QueueInfo): void {
  writer.raw(Buffer.from(JSON.stringify(info), 'utf8'));
}

export function readQueueInfo(reader: Reader): QueueInfo {
  const info = parse(reader.tail());
  if (isQueueInfo(info)) return info;
  reader.fail();
  return { qiSnd: false, qiNtf: false, qiSize: 0 };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isQueueInfo(value: unknown): value is QueueInfo {
  if (!isObject(value)) return false;
  const { qiSnd, qiNtf, qiSub, qiSize, qiMsg } = value;
  return (
    typeof qiSnd === 'boolean' &&
    typeof qiNtf === 'boolean' &&
    typeof qiSize === 'number' &&
    (qiSub === undefined || (isObject(qiSub) && isText(qiSub['qSubThread']))) &&
    (qiMsg === undefined ||
      (isObject(qiMsg) && [qiMsg['msgId'], qiMsg['msgTs'], qiMsg['msgType']].every(isText)))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
