/** For specs: a server core with a counter for chance, toy crypto, and one call per command. */
import { toyCrypto } from '@chat-relays/simulation';
import type { Outgoing } from '../src/server/outbox';
import { encodeCommand, type Command, type NewQueue, type QueueRequest } from '../src/commands/command';
import { bytesKey, EMPTY, Writer } from '../src/encoding';
import { publicKeyType, rawPublicKey } from '../src/crypto';
import { senderIdOf } from '../src/server/new-queue';
import type { QueueIds, Response } from '../src/commands/response';
import { ServerCore } from '../src/server/server';
import { Authorizer } from '../src/transport/authorization';
import { ServerSession } from '../src/transport/server-session';
import type { ReceivedTransmission } from '../src/transport/transmission';

const SPKI = { ed25519: '302a300506032b6570032100', x25519: '302a300506032b656e032100' };

export function publicKey(type: keyof typeof SPKI, number: number): Buffer {
  return Buffer.from(SPKI[type] + number.toString(16).padStart(64, '0'), 'hex');
}

export function id(name: string): Buffer {
  return Buffer.from(name.padEnd(24, '.'));
}

export function newQueue(key: number, queue?: QueueRequest, subscribe = true): NewQueue {
  return {
    kind: 'NEW',
    recipientKey: publicKey('x25519', 1000 + key),
    recipientDhKey: publicKey('x25519', key),
    subscribe,
    ...(queue && { queue }),
  };
}

export function contactLink(name: string, corrId: Uint8Array): QueueRequest {
  const link = {
    linkId: id(`link ${name}`),
    senderId: senderIdOf(corrId),
    fixedData: Buffer.from(`fixed data of ${name}`),
    userData: Buffer.from(`user data of ${name}`),
  };
  return { mode: 'C', link };
}

/** What a session got, readable: `OK`, `ERR AUTH`, `MSG hello`, `MSG QUOTA`. */
export function describeResponse(response: Response): string {
  if (response.kind === 'ERR') return `ERR ${response.error}`;
  if (response.kind !== 'MSG') return response.kind;
  // toy crypto: after tag and length the message is to be read
  const body = Buffer.from(response.body).subarray(18);
  return body.toString('latin1', 0, 6) === 'QUOTA ' ? 'MSG QUOTA' : `MSG ${body.toString('utf8', 10)}`;
}

/** The key that authorizes: this one, or none. */
export type Signer = Uint8Array | 'nobody';

/** Of toy crypto, where the public key is the seed. */
function privateKey(der: Uint8Array) {
  return { type: publicKeyType(der) as 'x25519' | 'ed25519', seed: rawPublicKey(der) };
}

export class TestServer {
  readonly core: ServerCore;
  /** unix seconds */
  now = 1_700_000_000;
  admits = (_basicAuth: Uint8Array | undefined): boolean => true;
  private random = 0;
  private readonly sessions = new Map<string, ServerSession>();
  /** the recipient's and, once secured, the sender's key, by recipient or sender id */
  readonly keys = new Map<string, Uint8Array>();
  private corrIds = 0;
  /** everything that went out, per session */
  readonly inbox = new Map<string, Outgoing[]>();

  constructor(quota = 4) {
    this.core = new ServerCore({
      quota,
      crypto: toyCrypto,
      padded: false,
      admitsNew: (basicAuth) => this.admits(basicAuth),
      now: () => this.now,
      randomBytes: (count) => {
        const bytes = Buffer.alloc(count);
        bytes.writeUInt32BE(++this.random, count - 4);
        return bytes;
      },
    });
  }

  corrId(): Buffer {
    return id(`corr ${++this.corrIds}`);
  }

  session(name: string): ServerSession {
    const known = this.sessions.get(name);
    if (known) return known;
    const session = new ServerSession(toyCrypto, Buffer.alloc(32, name), Buffer.alloc(32, name));
    Object.assign(session, { name });
    this.sessions.set(name, session);
    return session;
  }

  /** Authorized by whoever may, unless somebody else signs. */
  transmission(
    session: string,
    entityId: Uint8Array,
    command: Command,
    corrId: Uint8Array,
    by: Signer = this.signer(entityId, command),
  ): ReceivedTransmission {
    const body = encodeCommand(command);
    const authorized = new Writer().shortString(corrId).shortString(entityId).raw(body).finish();
    const { id: sessionId, hello } = this.session(session);
    const authorizer = new Authorizer(toyCrypto, sessionId, hello.sessionKey);
    const authorization = by === 'nobody' ? EMPTY : authorizer.authorize(privateKey(by), corrId, authorized);
    return { authorization, corrId, entityId, body, authorized };
  }

  private signer(entityId: Uint8Array, command: Command): Signer {
    if (command.kind === 'NEW') return command.recipientKey;
    if (command.kind === 'SKEY' || command.kind === 'LKEY') return command.key;
    if (command.kind === 'PING' || command.kind === 'LGET') return 'nobody';
    const known = this.keys.get(bytesKey(entityId));
    return known ?? (command.kind === 'SEND' ? 'nobody' : publicKey('x25519', 99));
  }

  /** One command in a batch of its own. Answers what each session got. */
  run(
    session: string,
    entityId: Uint8Array,
    command: Command,
    { corrId = this.corrId(), trace, by }: { corrId?: Uint8Array; trace?: string; by?: Signer } = {},
  ) {
    const batch = this.core.begin();
    batch.apply(this.session(session), this.transmission(session, entityId, command, corrId, by), trace);
    const outgoing = batch.commit();
    for (const [to, items] of outgoing) this.inbox.set(to, [...(this.inbox.get(to) ?? []), ...items]);
    return outgoing;
  }

  /** The same, as text: what went to the session that asked. */
  ask(session: string, entityId: Uint8Array, command: Command, by?: Signer): string[] {
    return (this.run(session, entityId, command, { by }).get(session) ?? []).map(({ response }) =>
      describeResponse(response),
    );
  }

  create(session: string, command: NewQueue, corrId = this.corrId()): QueueIds {
    const response = this.run(session, EMPTY, command, { corrId }).get(session)?.[0]?.response;
    if (response?.kind !== 'IDS') throw new Error(`no IDS: ${JSON.stringify(response)}`);
    this.keys.set(bytesKey(response.recipientId), command.recipientKey);
    return response;
  }

  send(session: string, senderId: Uint8Array, text: string): string[] {
    return this.ask(session, senderId, { kind: 'SEND', notify: false, body: Buffer.from(text) });
  }

  /** Acknowledges the last MSG that the session got for the queue. */
  ack(session: string, recipientId: Uint8Array): string[] {
    const last = this.inbox
      .get(session)
      ?.findLast(({ response, entityId }) => response.kind === 'MSG' && recipientId === entityId);
    const msgId = last?.response.kind === 'MSG' ? last.response.msgId : id('none');
    return this.ask(session, recipientId, { kind: 'ACK', msgId });
  }

  /** What the session was sent, and forgets it. */
  received(session: string): string[] {
    const items = this.inbox.get(session) ?? [];
    this.inbox.delete(session);
    return items.map(({ response }) => describeResponse(response));
  }
}
