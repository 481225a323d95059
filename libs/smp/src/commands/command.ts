/** Commands of SMP v18, client to server. One row per command: how it is written and read after its tag. */
import { publicKeyType } from '../crypto';
import { decoded, Reader, refused, Writer, type Decoded } from '../encoding';
import { tagNumber, tagOf } from '../transport/transmission';

/** `M` messaging queue: one sender. `C` contact queue: anybody may send. */
export type QueueMode = 'M' | 'C';

/** The two stored parts of a short link. */
export interface LinkParts {
  readonly fixedData: Uint8Array;
  readonly userData: Uint8Array;
}

/** What NEW says about the queue. For `M` the server makes the link id; for `C` it follows from the link key. */
export type QueueRequest =
  | { readonly mode: 'M'; readonly link?: LinkParts & { readonly senderId: Uint8Array } }
  | {
      readonly mode: 'C';
      readonly link?: LinkParts & { readonly senderId: Uint8Array; readonly linkId: Uint8Array };
    };

export interface NotifierKeys {
  readonly authKey: Uint8Array;
  readonly dhKey: Uint8Array;
}

export interface NewQueue {
  readonly kind: 'NEW';
  /** DER public key, 44 bytes (Ed25519, X25519) or 69 (Ed448) */
  readonly recipientKey: Uint8Array;
  /** DER X25519 public key, 44 bytes */
  readonly recipientDhKey: Uint8Array;
  readonly basicAuth?: Uint8Array;
  /** true: the session that creates the queue is subscribed to it */
  readonly subscribe: boolean;
  readonly queue?: QueueRequest;
  readonly notifier?: NotifierKeys;
}

export type Command =
  | NewQueue
  | { readonly kind: 'SUB' }
  /** the recipient secures the queue with its sender's DER public key */
  | { readonly kind: 'KEY'; readonly key: Uint8Array }
  /** replaces the keys that authorize the recipient's commands; 1 to 16 */
  | { readonly kind: 'RKEY'; readonly keys: readonly Uint8Array[] }
  /** the sender secures the queue with its own DER public key */
  | { readonly kind: 'SKEY'; readonly key: Uint8Array }
  | { readonly kind: 'SEND'; readonly notify: boolean; readonly body: Uint8Array }
  /** an empty id acknowledges nothing: the oldest message is answered again */
  | { readonly kind: 'ACK'; readonly msgId: Uint8Array }
  | { readonly kind: 'GET' }
  | (LinkParts & { readonly kind: 'LSET'; readonly linkId: Uint8Array })
  | { readonly kind: 'LDEL' }
  /** secures the queue of a 1-time invitation, as SKEY does, and reads its link data */
  | { readonly kind: 'LKEY'; readonly key: Uint8Array }
  | { readonly kind: 'LGET' }
  | { readonly kind: 'OFF' }
  | { readonly kind: 'DEL' }
  | { readonly kind: 'QUE' }
  | { readonly kind: 'PING' };

export type CommandKind = Command['kind'];
export type CommandOf<K extends CommandKind> = Extract<Command, { kind: K }>;

interface Row<C> {
  write(writer: Writer, command: C): void;
  /** Reads after the tag; `''` means that the tag is the whole command, `' '` that parameters follow. */
  read(reader: Reader): C;
}

function readKey(reader: Reader, type?: 'x25519'): Buffer {
  const key = reader.shortString();
  const found = publicKeyType(key);
  if (found === undefined || (type !== undefined && found !== type)) reader.fail();
  return key;
}

function writeQueueRequest(writer: Writer, queue: QueueRequest): void {
  writer.ascii(queue.mode);
  if (queue.mode === 'M') {
    writer.maybe(queue.link, (link) => {
      writer.shortString(link.senderId).large(link.fixedData).large(link.userData);
    });
  } else {
    writer.maybe(queue.link, (link) => {
      writer.shortString(link.linkId).shortString(link.senderId).large(link.fixedData).large(link.userData);
    });
  }
}

function readQueueRequest(reader: Reader): QueueRequest {
  const mode = reader.char();
  if (mode === 'M') {
    const link = reader.maybe(() => ({
      senderId: reader.shortString(),
      fixedData: reader.large(),
      userData: reader.large(),
    }));
    return { mode, ...(link && { link }) };
  }
  if (mode !== 'C') reader.fail();
  const link = reader.maybe(() => ({
    linkId: reader.shortString(),
    senderId: reader.shortString(),
    fixedData: reader.large(),
    userData: reader.large(),
  }));
  return { mode: 'C', ...(link && { link }) };
}

const newQueue: Row<NewQueue> = {
  write(writer, command) {
    writer.ascii(' ').shortString(command.recipientKey).shortString(command.recipientDhKey);
    writer.maybe(command.basicAuth, (auth) => writer.shortString(auth));
    writer.ascii(command.subscribe ? 'S' : 'C');
    writer.maybe(command.queue, (queue) => writeQueueRequest(writer, queue));
    writer.maybe(command.notifier, (keys) => writer.shortString(keys.authKey).shortString(keys.dhKey));
  },
  read(reader) {
    reader.expect(' ');
    const recipientKey = readKey(reader);
    const recipientDhKey = readKey(reader, 'x25519');
    const basicAuth = reader.maybe(() => reader.shortString());
    const mode = reader.char();
    if (mode !== 'S' && mode !== 'C') reader.fail();
    const queue = reader.maybe(() => readQueueRequest(reader));
    const notifier = reader.maybe(() => ({ authKey: readKey(reader), dhKey: readKey(reader, 'x25519') }));
    return {
      kind: 'NEW',
      recipientKey,
      recipientDhKey,
      subscribe: mode === 'S',
      ...(basicAuth && { basicAuth }),
      ...(queue && { queue }),
      ...(notifier && { notifier }),
    };
  },
};

/** The server reads up to 7 reserved bytes between the flag and the space, and ignores them. */
const RESERVED_FLAGS = 7;

const send: Row<CommandOf<'SEND'>> = {
  write(writer, command) {
    writer.ascii(command.notify ? ' T ' : ' F ').raw(command.body);
  },
  read(reader) {
    reader.expect(' ');
    const notify = reader.bool();
    for (let skipped = 0; skipped < RESERVED_FLAGS && reader.peek() !== ' '; skipped++) reader.byte();
    reader.expect(' ');
    return { kind: 'SEND', notify, body: reader.tail() };
  },
};

const ack: Row<CommandOf<'ACK'>> = {
  write(writer, command) {
    writer.ascii(' ').shortString(command.msgId);
  },
  read(reader) {
    reader.expect(' ');
    return { kind: 'ACK', msgId: reader.shortString() };
  },
};

const setLink: Row<CommandOf<'LSET'>> = {
  write(writer, command) {
    writer.ascii(' ').shortString(command.linkId).large(command.fixedData).large(command.userData);
  },
  read(reader) {
    reader.expect(' ');
    return {
      kind: 'LSET',
      linkId: reader.shortString(),
      fixedData: reader.large(),
      userData: reader.large(),
    };
  },
};

function keyed<K extends 'KEY' | 'SKEY' | 'LKEY'>(
  kind: K,
): Row<{ readonly kind: K; readonly key: Uint8Array }> {
  return {
    write(writer, command) {
      writer.ascii(' ').shortString(command.key);
    },
    read(reader) {
      reader.expect(' ');
      return { kind, key: readKey(reader) };
    },
  };
}

/** Each of them is tried with a command that none authorized. */
const MOST_RECIPIENT_KEYS = 16;

const recipientKeys: Row<CommandOf<'RKEY'>> = {
  write(writer, command) {
    writer.ascii(' ').list(command.keys, (key) => writer.shortString(key));
  },
  read(reader) {
    reader.expect(' ');
    const keys = reader.list(() => readKey(reader));
    if (keys.length === 0 || keys.length > MOST_RECIPIENT_KEYS) reader.fail();
    return { kind: 'RKEY', keys };
  },
};

function bare<K extends CommandKind>(command: CommandOf<K>): Row<CommandOf<K>> {
  return { write() {}, read: () => command };
}

const ROWS: { readonly [K in CommandKind]: Row<CommandOf<K>> } = {
  NEW: newQueue,
  SUB: bare<'SUB'>({ kind: 'SUB' }),
  KEY: keyed('KEY'),
  RKEY: recipientKeys,
  SKEY: keyed('SKEY'),
  SEND: send,
  ACK: ack,
  GET: bare<'GET'>({ kind: 'GET' }),
  LSET: setLink,
  LDEL: bare<'LDEL'>({ kind: 'LDEL' }),
  LKEY: keyed('LKEY'),
  LGET: bare<'LGET'>({ kind: 'LGET' }),
  OFF: bare<'OFF'>({ kind: 'OFF' }),
  DEL: bare<'DEL'>({ kind: 'DEL' }),
  QUE: bare<'QUE'>({ kind: 'QUE' }),
  PING: bare<'PING'>({ kind: 'PING' }),
};

export const COMMAND_KINDS = Object.keys(ROWS) as readonly CommandKind[];

const KINDS_BY_TAG = new Map(COMMAND_KINDS.map((kind) => [tagNumber(kind), kind]));

/** The kind of an encoded command, by its tag alone. */
export function commandKind(body: Uint8Array): CommandKind | undefined {
  return KINDS_BY_TAG.get(tagOf(body));
}

export function writeCommand(writer: Writer, command: Command): void {
  (ROWS[command.kind] as Row<Command>).write(writer.ascii(command.kind), command);
}

export function encodeCommand(command: Command): Buffer {
  const writer = new Writer();
  writeCommand(writer, command);
  return writer.finish();
}

/** Unknown tag: `CMD UNKNOWN`. Wrong parameters or bytes left over: `CMD SYNTAX`. Bodies are not copied. */
export function decodeCommand(body: Uint8Array): Decoded<Command> {
  const kind = commandKind(body);
  if (kind === undefined) return refused('CMD UNKNOWN');
  const reader = new Reader(body, kind.length);
  const command = ROWS[kind].read(reader);
  return reader.complete ? decoded(command) : refused('CMD SYNTAX');
}
