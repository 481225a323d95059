/** For specs: a server core with a counter for chance, and one call per command. */
import type { Outgoing } from '../src/server/batch';
import { encodeCommand, type Command, type NewQueue, type QueueRequest } from '../src/commands/command';
import { EMPTY } from '../src/encoding';
import { senderIdOf } from '../src/server/new-queue';
import type { QueueIds, Response } from '../src/commands/response';
import { ServerCore } from '../src/server/server';
import type { Transmission } from '../src/transport/transmission';

const SPKI = { ed25519: '302a300506032b6570032100', x25519: '302a300506032b656e032100' };

export function publicKey(type: keyof typeof SPKI, number: number): Buffer {
  return Buffer.from(SPKI[type] + number.toString(16).padStart(64, '0'), 'hex');
}

export function id(name: string): Buffer {
  return Buffer.from(name.padEnd(24, '.'));
}

export function transmission(entityId: Uint8Array, command: Command, corrId: Uint8Array): Transmission {
  return { authorization: EMPTY, corrId, entityId, body: encodeCommand(command) };
}

export function newQueue(key: number, queue?: QueueRequest, subscribe = true): NewQueue {
  return {
    kind: 'NEW',
    recipientKey: publicKey('ed25519', key),
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
  const body = Buffer.from(response.body);
  return body.toString('latin1', 0, 6) === 'QUOTA ' ? 'MSG QUOTA' : `MSG ${body.toString('utf8', 10)}`;
}

export class TestServer {
  readonly core: ServerCore;
  private random = 0;
  private corrIds = 0;
  /** everything that went out, per session */
  readonly inbox = new Map<string, Outgoing[]>();

  constructor(quota = 4) {
    this.core = new ServerCore({
      quota,
      now: () => 1_700_000_000,
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

  /** One command in a batch of its own. Answers what each session got. */
  run(session: string, entityId: Uint8Array, command: Command, corrId = this.corrId(), trace?: string) {
    const batch = this.core.begin();
    batch.apply(session, transmission(entityId, command, corrId), trace);
    const outgoing = batch.commit();
    for (const [to, items] of outgoing) this.inbox.set(to, [...(this.inbox.get(to) ?? []), ...items]);
    return outgoing;
  }

  /** The same, as text: what went to the session that asked. */
  ask(session: string, entityId: Uint8Array, command: Command): string[] {
    return (this.run(session, entityId, command).get(session) ?? []).map(({ response }) =>
      describeResponse(response),
    );
  }

  create(session: string, command: NewQueue, corrId = this.corrId()): QueueIds {
    const response = this.run(session, EMPTY, command, corrId).get(session)?.[0]?.response;
    if (response?.kind !== 'IDS') throw new Error(`no IDS: ${JSON.stringify(response)}`);
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
