/** Responses and pushes of SMP v18, server to client. One row per response, as in `command.ts`. */
import type { LinkParts, QueueMode } from './command';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';
import { tagNumber, tagOf } from '../transport/transmission';
import { readQueueInfo, type QueueInfo, writeQueueInfo } from './queue-info';

export interface QueueIds {
  readonly kind: 'IDS';
  readonly recipientId: Uint8Array;
  readonly senderId: Uint8Array;
  /** the server's DER X25519 public key for this queue */
  readonly serverDhKey: Uint8Array;
  readonly mode?: QueueMode;
  readonly linkId?: Uint8Array;
  readonly serviceId?: Uint8Array;
  readonly notifier?: { readonly id: Uint8Array; readonly dhKey: Uint8Array };
}

export type Response =
  | QueueIds
  | { readonly kind: 'SOK'; readonly serviceId?: Uint8Array }
  | { readonly kind: 'MSG'; readonly msgId: Uint8Array; readonly body: Uint8Array }
  | { readonly kind: 'OK' }
  | (LinkParts & { readonly kind: 'LNK'; readonly senderId: Uint8Array })
  | { readonly kind: 'END' }
  | { readonly kind: 'DELD' }
  | { readonly kind: 'INFO'; readonly info: QueueInfo }
  | { readonly kind: 'PONG' }
  /** `error` is the text after `ERR `, such as `AUTH` or `CMD SYNTAX` */
  | { readonly kind: 'ERR'; readonly error: string };

export type ResponseKind = Response['kind'];
export type ResponseOf<K extends ResponseKind> = Extract<Response, { kind: K }>;

export const OK: Response = { kind: 'OK' };
export const errorResponse = (error: string): Response => ({ kind: 'ERR', error });

/** Every error without parameters. `STORE <text>`, `BLOCKED …` and `PROXY …` carry more. */
const PLAIN_ERRORS: ReadonlySet<string> = new Set([
  'BLOCK',
  'SESSION',
  'CMD UNKNOWN',
  'CMD SYNTAX',
  'CMD PROHIBITED',
  'CMD NO_AUTH',
  'CMD HAS_AUTH',
  'CMD NO_ENTITY',
  'AUTH',
  'SERVICE',
  'CRYPTO',
  'QUOTA',
  'NO_MSG',
  'LARGE_MSG',
  'EXPIRED',
  'INTERNAL',
]);
/** Printable, and of a length that a log line and a record can hold: it comes from anybody's server. */
const LONG_ERROR = /^(?=.{1,1024}$)(STORE .*|BLOCKED reason=(spam|content)(,notice=\{.*\})?|PROXY .+)$/;
const UNPRINTABLE = /[\p{C}]/u;

export function isSmpError(text: string): boolean {
  return PLAIN_ERRORS.has(text) || (LONG_ERROR.test(text) && !UNPRINTABLE.test(text));
}

interface Row<R> {
  write(writer: Writer, response: R): void;
  read(reader: Reader): R;
}

const ids: Row<QueueIds> = {
  write(writer, response) {
    writer.ascii(' ').shortString(response.recipientId).shortString(response.senderId);
    writer.shortString(response.serverDhKey);
    writer.maybe(response.mode, (mode) => writer.ascii(mode));
    writer.maybe(response.linkId, (linkId) => writer.shortString(linkId));
    writer.maybe(response.serviceId, (serviceId) => writer.shortString(serviceId));
    writer.maybe(response.notifier, ({ id, dhKey }) => writer.shortString(id).shortString(dhKey));
  },
  read(reader) {
    reader.expect(' ');
    const recipientId = reader.shortString();
    const senderId = reader.shortString();
    const serverDhKey = reader.shortString();
    const mode = reader.maybe((): QueueMode => {
      const char = reader.char();
      if (char !== 'M' && char !== 'C') reader.fail();
      return char as QueueMode;
    });
    const linkId = reader.maybe(() => reader.shortString());
    const serviceId = reader.maybe(() => reader.shortString());
    const notifier = reader.maybe(() => ({ id: reader.shortString(), dhKey: reader.shortString() }));
    return {
      kind: 'IDS',
      recipientId,
      senderId,
      serverDhKey,
      ...(mode && { mode }),
      ...(linkId && { linkId }),
      ...(serviceId && { serviceId }),
      ...(notifier && { notifier }),
    };
  },
};

const subscribed: Row<ResponseOf<'SOK'>> = {
  write(writer, response) {
    writer.ascii(' ').maybe(response.serviceId, (serviceId) => writer.shortString(serviceId));
  },
  read(reader) {
    reader.expect(' ');
    const serviceId = reader.maybe(() => reader.shortString());
    return { kind: 'SOK', ...(serviceId && { serviceId }) };
  },
};

const message: Row<ResponseOf<'MSG'>> = {
  write(writer, response) {
    writer.ascii(' ').shortString(response.msgId).raw(response.body);
  },
  read(reader) {
    reader.expect(' ');
    return { kind: 'MSG', msgId: reader.shortString(), body: reader.tail() };
  },
};

const linkData: Row<ResponseOf<'LNK'>> = {
  write(writer, response) {
    writer.ascii(' ').shortString(response.senderId).large(response.fixedData).large(response.userData);
  },
  read(reader) {
    reader.expect(' ');
    return {
      kind: 'LNK',
      senderId: reader.shortString(),
      fixedData: reader.large(),
      userData: reader.large(),
    };
  },
};

const info: Row<ResponseOf<'INFO'>> = {
  write(writer, response) {
    writeQueueInfo(writer.ascii(' '), response.info);
  },
  read(reader) {
    reader.expect(' ');
    return { kind: 'INFO', info: readQueueInfo(reader) };
  },
};

const failure: Row<ResponseOf<'ERR'>> = {
  write(writer, response) {
    writer.ascii(' ').raw(Buffer.from(response.error, 'utf8'));
  },
  read(reader) {
    reader.expect(' ');
    const bytes = reader.tail();
    const error = bytes.toString('utf8');
    if (!isSmpError(error) || !Buffer.from(error, 'utf8').equals(bytes)) reader.fail();
    return { kind: 'ERR', error };
  },
};

function bare<K extends ResponseKind>(response: ResponseOf<K>): Row<ResponseOf<K>> {
  return { write() {}, read: () => response };
}

const ROWS: { readonly [K in ResponseKind]: Row<ResponseOf<K>> } = {
  IDS: ids,
  SOK: subscribed,
  MSG: message,
  OK: bare<'OK'>({ kind: 'OK' }),
  LNK: linkData,
  END: bare<'END'>({ kind: 'END' }),
  DELD: bare<'DELD'>({ kind: 'DELD' }),
  INFO: info,
  PONG: bare<'PONG'>({ kind: 'PONG' }),
  ERR: failure,
};

const KINDS_BY_TAG = new Map((Object.keys(ROWS) as ResponseKind[]).map((kind) => [tagNumber(kind), kind]));

export function writeResponse(writer: Writer, response: Response): void {
  (ROWS[response.kind] as Row<Response>).write(writer.ascii(response.kind), response);
}

export function encodeResponse(response: Response): Buffer {
  const writer = new Writer();
  writeResponse(writer, response);
  return writer.finish();
}

/** Refuses with `CMD UNKNOWN` or `CMD SYNTAX`, as `decodeCommand` does. Bodies are not copied. */
export function decodeResponse(body: Uint8Array): Decoded<Response> {
  const kind = KINDS_BY_TAG.get(tagOf(body));
  if (kind === undefined) return refused('CMD UNKNOWN');
  const reader = new Reader(body, kind.length);
  const response = ROWS[kind].read(reader);
  return reader.complete ? decoded(response) : refused('CMD SYNTAX');
}
