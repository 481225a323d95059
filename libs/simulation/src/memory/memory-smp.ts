import {
  type IncomingMessage,
  type OwnQueue,
  type Smp,
  type SmpRequest,
  TemporaryError,
} from '@chat-relays/agent';
import {
  Authorizer,
  bytesKey,
  contactLinkKeys,
  EMPTY,
  type LinkData,
  openContactLink,
  type Outgoing,
  parseShortLink,
  type PrivateKey,
  readTransmission,
  type ReceivedTransmission,
  type Response,
  ServerCore,
  type ServerEnv,
  ServerSession,
  writeClientTransmission,
  Writer,
} from '@chat-relays/smp';

/** What may go wrong on the road to a server. */
export interface RoadFaults {
  /** the request does not arrive */
  loseRequest(): boolean;
  /** the server does the work, the answer is lost */
  loseReply(process: string, command: string): boolean;
  /** the server answers no, and does nothing */
  refuse(process: string, command: string): boolean;
  /** the server answers with the link data of the beginning */
  readStale(process: string): boolean;
}

/** Both ends of a process's session with a server. */
interface Session {
  readonly server: ServerSession;
  readonly authorizer: Authorizer;
}

/** SMP servers in memory, and the messages that are on their way from them to sessions. */
export class MemorySmpServers {
  private readonly cores = new Map<string, ServerCore>();
  /** session -> delivered and not yet taken */
  readonly onTheWay = new Map<string, IncomingMessage[]>();
  /** counts the commands that change queues or links */
  changes = 0;
  /** unix s until which servers do not answer */
  private readonly away = new Map<string, number>();
  private readonly firstData = new Map<string, Uint8Array>();
  private readonly sessions = new Map<string, Session>();
  /** link ids by what `linkData` was asked for */
  private readonly linkIds = new Map<string, Uint8Array>();
  /** by the stored user data */
  private readonly read = new WeakMap<Uint8Array, LinkData>();

  constructor(
    readonly names: readonly string[],
    private readonly env: ServerEnv,
  ) {
    for (const name of names) this.cores.set(name, new ServerCore(env));
  }

  /** @throws {TemporaryError} for a server that is not there */
  core(name: string): ServerCore {
    const core = this.cores.get(name);
    if (!core) throw new TemporaryError(`no SMP server ${name}`);
    return core;
  }

  /** kill -9 and start: what was committed is there, sessions are not. */
  restart(name: string): void {
    const core = new ServerCore(this.env);
    core.load(this.core(name).snapshot());
    this.cores.set(name, core);
  }

  /** For so long a server answers nobody. */
  leave(name: string, seconds: number): void {
    this.away.set(name, this.env.now() + seconds);
  }

  answers(name: string): boolean {
    return (this.away.get(name) ?? 0) <= this.env.now();
  }

  /** A process is gone, and with it its sessions and what was on the way to it. */
  endSession(session: string): void {
    for (const core of this.cores.values()) core.dropSession(session);
    this.onTheWay.delete(session);
  }

  execute(name: string, session: string, request: SmpRequest): Response {
    const { command, trace } = request;
    const batch = this.core(name).begin();
    if (command.kind === 'NEW' || command.kind === 'LSET' || command.kind === 'DEL') this.changes++;
    if (command.kind === 'NEW' && command.queue?.mode === 'C' && command.queue.link) {
      this.firstData.set(bytesKey(command.queue.link.linkId), command.queue.link.userData);
    }
    const { server, authorizer } = this.session(name, session);
    batch.apply(server, transmissionOf(request, authorizer), trace);
    let answer: Response | undefined;
    for (const [to, sent] of batch.commit()) {
      for (const outgoing of sent) {
        if (outgoing.response.kind === 'MSG') this.deliver(name, to, outgoing);
        else if (outgoing.answers) answer = outgoing.response;
      }
    }
    return answer ?? { kind: 'OK' };
  }

  /** The data behind a contact link as it is stored; undefined when there is none that can be read. */
  linkData(name: string, uri: string): LinkData | undefined {
    const linkId = this.linkIds.get(uri);
    const stored = linkId && this.core(name).queueOf(linkId)?.row.link;
    const known = stored && this.read.get(stored.userData);
    return known ?? this.readLinkData(name, uri);
  }

  private readLinkData(name: string, uri: string): LinkData | undefined {
    const link = parseShortLink(uri);
    if (!link.ok || link.value.kind !== 'contact') return undefined;
    const { linkId } = contactLinkKeys(link.value.linkKey);
    this.linkIds.set(uri, linkId);
    const stored = this.core(name).queueOf(linkId)?.row;
    if (!stored?.link) return undefined;
    const read = openContactLink(this.env.crypto, link.value, { ...stored.link, senderId: stored.senderId });
    if (!read.ok) return undefined;
    this.read.set(stored.link.userData, read.value);
    return read.value;
  }

  /** What the link said when it was made, as of a server that was restored from an old copy. */
  asOfOld(linkId: Uint8Array, response: Response): Response {
    const userData = this.firstData.get(bytesKey(linkId));
    return response.kind === 'LNK' && userData ? { ...response, userData } : response;
  }

  private session(server: string, name: string): Session {
    const key = `${server} ${name}`;
    const known = this.sessions.get(key);
    if (known) return known;
    const { crypto } = this.env;
    const id = Buffer.alloc(32);
    id.write(key.slice(-32));
    const made = new ServerSession(crypto, id, id);
    Object.assign(made, { name });
    const session = { server: made, authorizer: new Authorizer(crypto, id, made.hello.sessionKey) };
    this.sessions.set(key, session);
    return session;
  }

  private deliver(server: string, session: string, { entityId, response, trace }: Outgoing): void {
    if (response.kind !== 'MSG') return;
    const { msgId, body: sealed } = response;
    const message: IncomingMessage = { server, recipientId: entityId, msgId, sealed, trace };
    const waiting = this.onTheWay.get(session);
    if (waiting) waiting.push(message);
    else this.onTheWay.set(session, [message]);
  }
}

/** One process's sessions. */
export class MemorySmp implements Smp {
  private readonly subscribed = new Map<string, OwnQueue & { readonly server: string }>();
  /** queues that servers refused to subscribe, and that the process has not been told of */
  readonly refused: { readonly server: string; readonly recipientId: Uint8Array; readonly error: string }[] =
    [];

  constructor(
    private readonly servers: MemorySmpServers,
    readonly session: string,
    private readonly process: string,
    private readonly faults: RoadFaults,
  ) {}

  async request(server: string, request: SmpRequest): Promise<Response> {
    if (this.faults.loseRequest() || !this.servers.answers(server)) throw noAnswer(server, request);
    if (this.faults.refuse(this.process, request.command.kind)) {
      // who deletes takes this for being done: a queue that nobody reads, and that is full, would be written to for ever
      if (request.command.kind === 'DEL') this.servers.execute(server, this.session, request);
      return { kind: 'ERR', error: 'AUTH' };
    }
    const response = this.servers.execute(server, this.session, request);
    if (this.faults.loseReply(this.process, request.command.kind)) throw noAnswer(server, request);
    const old = request.command.kind === 'LGET' && this.faults.readStale(this.process);
    return old ? this.servers.asOfOld(request.entityId, response) : response;
  }

  async subscribe(server: string, queues: readonly OwnQueue[]): Promise<void> {
    for (const { recipientId, key } of queues) {
      this.subscribed.set(`${server} ${bytesKey(recipientId)}`, { server, recipientId, key });
      const request = { entityId: recipientId, command: { kind: 'SUB' }, key } as const;
      const response = this.servers.execute(server, this.session, request);
      if (response.kind === 'ERR') this.refused.push({ server, recipientId, error: response.error });
    }
  }

  /** what authorizes the recipient of a subscribed queue */
  keyOf(server: string, recipientId: Uint8Array): PrivateKey | undefined {
    return this.subscribed.get(`${server} ${bytesKey(recipientId)}`)?.key;
  }

  acknowledge(messages: Parameters<Smp['acknowledge']>[0]): void {
    for (const { server, recipientId, msgId } of messages) {
      const key = this.keyOf(server, recipientId);
      this.servers.execute(server, this.session, {
        entityId: recipientId,
        command: { kind: 'ACK', msgId },
        ...(key && { key }),
      });
    }
  }

  /** What a client does after it lost its sessions: everything is subscribed again, the unacknowledged comes again. */
  async resubscribe(): Promise<void> {
    this.servers.onTheWay.delete(this.session);
    for (const { server, ...queue } of this.subscribed.values()) await this.subscribe(server, [queue]);
  }
}

/** Without a stack, which costs more than a command. */
function noAnswer(server: string, { command }: SmpRequest): TemporaryError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new TemporaryError(`${command.kind}: no answer from ${server}`);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

function transmissionOf(request: SmpRequest, authorizer: Authorizer): ReceivedTransmission {
  const writer = new Writer();
  writeClientTransmission(writer, { ...request, corrId: request.corrId ?? EMPTY }, authorizer);
  const read = readTransmission(writer.finish());
  if (!read.ok) throw new Error(read.error);
  return read.value;
}
