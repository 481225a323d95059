import { type IncomingMessage, type Smp, type SmpRequest, TemporaryError } from '@chat-relays/agent';
import {
  bytesKey,
  decodeReceivedMessage,
  EMPTY,
  encodeCommand,
  type Outgoing,
  type Response,
  ServerCore,
  type ServerEnv,
} from '@chat-relays/smp';

/** What may go wrong on the road to a server. */
export interface RoadFaults {
  /** the request does not arrive */
  loseRequest(): boolean;
  /** the server does the work, the answer is lost */
  loseReply(process: string, command: string): boolean;
  /** the server answers no, and does nothing */
  refuse(process: string): boolean;
  /** the server answers with the link data of the beginning */
  readStale(): boolean;
}

/** SMP servers in memory, and the messages that are on their way from them to sessions. */
export class MemorySmpServers {
  private readonly cores = new Map<string, ServerCore>();
  /** session -> delivered and not yet taken */
  readonly onTheWay = new Map<string, IncomingMessage[]>();
  /** counts the commands that change queues or links */
  changes = 0;
  private readonly firstData = new Map<string, Uint8Array>();

  constructor(
    names: readonly string[],
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

  /** A process is gone, and with it its sessions and what was on the way to it. */
  endSession(session: string): void {
    for (const core of this.cores.values()) core.dropSession(session);
    this.onTheWay.delete(session);
  }

  execute(name: string, session: string, { entityId, command, corrId, trace }: SmpRequest): Response {
    const batch = this.core(name).begin();
    if (command.kind === 'NEW' || command.kind === 'LSET' || command.kind === 'DEL') this.changes++;
    if (command.kind === 'NEW' && command.queue?.mode === 'C' && command.queue.link) {
      this.firstData.set(bytesKey(command.queue.link.linkId), command.queue.link.userData);
    }
    const transmission = {
      authorization: EMPTY,
      corrId: corrId ?? EMPTY,
      entityId,
      body: encodeCommand(command),
    };
    batch.apply(session, transmission, trace);
    let answer: Response | undefined;
    for (const [to, sent] of batch.commit()) {
      for (const outgoing of sent) {
        if (outgoing.response.kind === 'MSG') this.deliver(name, to, outgoing);
        else if (outgoing.answers) answer = outgoing.response;
      }
    }
    return answer ?? { kind: 'OK' };
  }

  /** What the link said when it was made, as of a server that was restored from an old copy. */
  asOfOld(linkId: Uint8Array, response: Response): Response {
    const userData = this.firstData.get(bytesKey(linkId));
    return response.kind === 'LNK' && userData ? { ...response, userData } : response;
  }

  private deliver(server: string, session: string, { entityId, response, trace }: Outgoing): void {
    if (response.kind !== 'MSG') return;
    const decoded = decodeReceivedMessage(response.body);
    if (!decoded.ok) throw new Error(decoded.error);
    const { value } = decoded;
    const message: IncomingMessage = {
      server,
      recipientId: entityId,
      msgId: response.msgId,
      timestamp: value.timestamp,
      body: value.quota ? EMPTY : value.body,
      quota: value.quota,
      trace,
    };
    const waiting = this.onTheWay.get(session);
    if (waiting) waiting.push(message);
    else this.onTheWay.set(session, [message]);
  }
}

/** One process's sessions. */
export class MemorySmp implements Smp {
  private readonly subscribed = new Map<string, { server: string; recipientId: Uint8Array }>();

  constructor(
    private readonly servers: MemorySmpServers,
    readonly session: string,
    private readonly process: string,
    private readonly faults: RoadFaults,
  ) {}

  async request(server: string, request: SmpRequest): Promise<Response> {
    if (this.faults.loseRequest())
      throw new TemporaryError(`${request.command.kind}: no answer from ${server}`);
    if (this.faults.refuse(this.process)) return { kind: 'ERR', error: 'AUTH' };
    const response = this.servers.execute(server, this.session, request);
    if (this.faults.loseReply(this.process, request.command.kind))
      throw new TemporaryError(`${request.command.kind}: no answer from ${server}`);
    const old = request.command.kind === 'LGET' && this.faults.readStale();
    return old ? this.servers.asOfOld(request.entityId, response) : response;
  }

  async subscribe(server: string, recipientIds: readonly Uint8Array[]): Promise<void> {
    for (const recipientId of recipientIds) {
      this.subscribed.set(`${server} ${bytesKey(recipientId)}`, { server, recipientId });
      this.servers.execute(server, this.session, { entityId: recipientId, command: { kind: 'SUB' } });
    }
  }

  acknowledge(messages: readonly IncomingMessage[]): void {
    for (const { server, recipientId, msgId } of messages) {
      this.servers.execute(server, this.session, { entityId: recipientId, command: { kind: 'ACK', msgId } });
    }
  }

  /** What a client does after it lost its sessions: everything is subscribed again, the unacknowledged comes again. */
  async resubscribe(): Promise<void> {
    this.servers.onTheWay.delete(this.session);
    for (const { server, recipientId } of this.subscribed.values())
      await this.subscribe(server, [recipientId]);
  }
}
