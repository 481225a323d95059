import { randomBytes } from 'node:crypto';
import {
  EMPTY,
  encodeServerHello,
  errorResponse,
  realCrypto,
  ServerSession,
  SESSION_ID_BYTES,
  unpackBlock,
  type Outgoing,
  type ReceivedTransmission,
} from '@chat-relays/smp';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { publishResponses } from './block-publisher';
import { isInbox, sessionOf, smpSubjects, type SmpSubjects } from './smp-subjects';
import { readTraceHeaders } from './trace-headers';

export interface IncomingCommand {
  readonly session: ServerSession;
  readonly transmission: ReceivedTransmission;
  readonly trace?: string;
}

/** Why a payload was not executed: no inbox in a hello or too many sessions, no block, no transmission, no such session. */
export type RejectedPayload = 'hello' | 'block' | 'transmission' | 'session';

export interface SmpListenerOptions {
  readonly server: string;
  /** the commands of one block, in order; the memory is the payload's */
  onCommands(commands: readonly IncomingCommand[]): void;
  /** the session of this name is gone: nobody is subscribed through it any more */
  onSessionEnd(session: string): void;
  /** the content of what was rejected is never passed on */
  onRejected(reason: RejectedPayload, bytes: number): void;
  /** a session that says nothing for so long has ended; clients ping every few seconds; default 60,000 */
  readonly idleMs?: number;
  /** more at once are somebody who opens them for their own sake; default 10,000 */
  readonly mostSessions?: number;
}

interface Session {
  readonly server: ServerSession;
  readonly inbox: string;
  lastHeard: number;
}

const BAD_BLOCK: Outgoing = { corrId: EMPTY, entityId: EMPTY, response: errorResponse('BLOCK') };
const NO_SESSION: Outgoing = { corrId: EMPTY, entityId: EMPTY, response: errorResponse('SESSION') };

/** The server's end of SMP over NATS: sessions, blocks in, blocks out. No payload makes it throw. */
export class SmpListener {
  private readonly subjects: SmpSubjects;
  private readonly sessions = new Map<string, Session>();
  private subscriptions: Subscription[] = [];
  private sweep: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: SmpListenerOptions,
  ) {
    this.subjects = smpSubjects(options.server);
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  knows(session: ServerSession | undefined): boolean {
    return session !== undefined && this.sessions.has(session.name);
  }

  /** Begins to listen and tells clients to say hello. */
  async start(): Promise<void> {
    const { hello, blocks } = this.subjects;
    this.subscriptions = [
      this.connection.subscribe(hello, { callback: (_, message) => this.hello(message) }),
      this.connection.subscribe(blocks, { callback: (_, message) => this.block(message) }),
    ];
    const idleMs = this.options.idleMs ?? 60_000;
    this.sweep = setInterval(() => this.endIdle(idleMs), Math.max(idleMs / 4, 10));
    void this.followReconnects();
    await this.connection.flush();
    this.announce();
  }

  /** Ends every session and tells clients so: after a lost connection, or after a restart from the store. */
  reset(): void {
    for (const session of [...this.sessions.keys()]) this.end(session);
    this.announce();
  }

  /** Sends what the server answered. A session that has ended is passed over: its messages come again. */
  send(outgoing: ReadonlyMap<string, readonly Outgoing[]>): void {
    if (this.connection.isClosed()) return;
    for (const [session, responses] of outgoing) {
      const known = this.sessions.get(session);
      if (known) publishResponses(this.connection, known.inbox, responses);
    }
  }

  /** Takes no more blocks; answers can still be sent. */
  async stop(): Promise<void> {
    clearInterval(this.sweep);
    const drained = this.subscriptions.splice(0).map((subscription) => subscription.drain());
    await Promise.allSettled(drained);
  }

  private announce(): void {
    if (!this.connection.isClosed()) this.connection.publish(this.subjects.up);
  }

  private async followReconnects(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'reconnect' && this.subscriptions.length > 0) this.reset();
    }
  }

  private end(session: string): void {
    if (this.sessions.delete(session)) this.options.onSessionEnd(session);
  }

  private endIdle(idleMs: number): void {
    const silentSince = performance.now() - idleMs;
    for (const [session, { lastHeard }] of this.sessions) {
      if (lastHeard < silentSince) this.end(session);
    }
  }

  private hello(message: Msg): void {
    const inbox = Buffer.from(message.data).toString('latin1');
    const full = this.sessions.size >= (this.options.mostSessions ?? 10_000);
    if (full || !isInbox(message.reply ?? '') || !isInbox(inbox))
      return this.options.onRejected('hello', message.data.length);
    const server = new ServerSession(realCrypto, randomBytes(SESSION_ID_BYTES), randomBytes(32));
    this.sessions.set(server.name, { server, inbox, lastHeard: performance.now() });
    message.respond(encodeServerHello(server.hello));
  }

  private block(message: Msg): void {
    const known = this.sessions.get(sessionOf(message.subject));
    if (!known) return this.refuse(message, 'session', NO_SESSION, message.reply);
    known.lastHeard = performance.now();
    const block = unpackBlock(message.data);
    if (!block.ok) return this.refuse(message, 'block', BAD_BLOCK, known.inbox);
    const traces = readTraceHeaders(message.headers);
    const commands: IncomingCommand[] = [];
    block.value.forEach((transmission, index) => {
      const trace = traces.get(index);
      if (transmission.ok) {
        const { server: session } = known;
        commands.push({ session, transmission: transmission.value, trace });
      } else {
        this.refuse(message, 'transmission', BAD_BLOCK, known.inbox);
      }
    });
    this.options.onCommands(commands);
  }

  private refuse(message: Msg, reason: RejectedPayload, answer: Outgoing, inbox: string | undefined): void {
    this.options.onRejected(reason, message.data.length);
    if (inbox && isInbox(inbox)) publishResponses(this.connection, inbox, [answer]);
  }
}
