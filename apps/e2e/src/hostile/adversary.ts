import { randomBytes } from 'node:crypto';
import {
  type Command,
  execute,
  type IncomingMessage,
  type NewAim,
  Opener,
  prepareConnectionLink,
  privateKey,
  realCrypto,
  type ReceiveQueue,
  type Reply,
  type Road,
  Sealer,
  type SendQueue,
  type SmpRequest,
  type Store,
} from '@chat-relays/agent';
import { type NatsConnection, SmpClient } from '@chat-relays/bus';
import { bytesKey } from '@chat-relays/smp';
import { Line } from './line';

const SERVER = 'smp-members';

/** A link of the adversary's own. */
export interface OwnLink {
  readonly uri: string;
  readonly queue: ReceiveQueue;
  /** what is knocked with */
  readonly line: Line;
}

/**
 * Somebody who speaks SMP as an agent does, and says what it likes to whom it likes: its queues, seals and numbers are
 * those of an agent, and no table says what comes next.
 */
export class Adversary {
  private readonly smp: SmpClient;
  private readonly road: Road;
  private readonly opener = new Opener(realCrypto);
  private readonly lines = new Map<string, Line>();

  constructor(bus: NatsConnection) {
    this.smp = new SmpClient(bus, { onMessages: (messages) => this.receive(messages) });
    const host = {
      now: () => Date.now(),
      sleep: () => Promise.resolve(),
      random: (bytes: number) => randomBytes(bytes),
      crypto: realCrypto,
      observe: () => undefined,
    };
    const nothing = {} as Store & Road['deliveries'];
    const sealer = new Sealer(realCrypto, randomBytes, true);
    this.road = { smp: this.smp, store: nothing, deliveries: nothing, host, sealer, server: SERVER, page: 1 };
  }

  close(): void {
    this.smp.close();
  }

  /** A contact request over any link, with a queue on which the answer is heard. */
  async knock(link: string, body: Uint8Array): Promise<Line> {
    const { queue } = await this.does('JOIN', { aim: { link }, body });
    return this.listen(queue!);
  }

  /** Answers a contact request with a queue of its own, as a relay answers an owner or a member. */
  async accept(peer: SendQueue, body: Uint8Array): Promise<Line> {
    const { queue } = await this.does('ACPT', { to: peer, body });
    return this.listen(queue!, peer);
  }

  /** Confirms a connection to whoever accepted, without saying where to answer. */
  async confirm(line: Line, body: Uint8Array): Promise<void> {
    await this.does('LET', { to: line.peer, body });
  }

  /** The next message of a connection. */
  async say(line: Line, body: Uint8Array): Promise<void> {
    const { sent } = await this.does('SEND', { to: line.peer, body });
    line.sent = sent!.position;
  }

  /** A command that nobody authorizes, as whoever wrote it sent it; the answer as text. */
  async sends(server: string, command: Pick<SmpRequest, 'entityId' | 'command'>): Promise<string> {
    const response = await this.smp.request(server, command);
    return response.kind === 'ERR' ? `ERR ${response.error}` : response.kind;
  }

  /** The link as it will be. */
  prepare(type: NewAim['type']): { seed: Uint8Array; uri: string; entityId: string } {
    return prepareConnectionLink(randomBytes(32), type, SERVER, realCrypto);
  }

  async publish(seed: Uint8Array, aim: Omit<NewAim, 'seed' | 'purpose'>): Promise<OwnLink> {
    const { queue } = await this.does('NEW', { aim: { ...aim, purpose: 'group_link' }, seed });
    return { uri: queue!.link!.uri, queue: queue!, line: await this.listen(queue!) };
  }

  /** Writes a group link that lists these, whoever they are. */
  async list({ queue }: OwnLink, group: object, relayLinks: readonly string[]): Promise<void> {
    const relays = relayLinks.map((relayLink) => ({ status: 'Accepted', data: { relayLink } }));
    const unit = {
      load: () => Promise.resolve([{ data: group }]),
      relaysOf: () => Promise.resolve(relays),
    };
    const store = {
      linkOf: () => Promise.resolve(queue),
      commit: (work: (unit: object) => unknown) => Promise.resolve(work(unit)),
    } as unknown as Store;
    await this.does('LSET', { aim: { groupId: 'its own' } }, { ...this.road, store });
  }

  private async does(kind: Command['kind'], what: Partial<Command>, road = this.road): Promise<Reply> {
    const whose = { noun: 'message', recordId: '', identity: 'mallory', protocol: 'full' } as const;
    const seed = randomBytes(32);
    const command = { ...whose, id: '', attempt: 1, step: '', lane: '', tries: 0, seed, kind, ...what };
    const reply = await execute(command, road);
    if (reply.name === 'ERR') throw new Error((reply.facts as { reason: string }).reason);
    return reply;
  }

  private async listen(queue: ReceiveQueue, peer?: SendQueue): Promise<Line> {
    const line = new Line(queue, peer);
    const { server, recipientId, seed } = queue;
    this.lines.set(bytesKey(recipientId), line);
    await this.smp.subscribe(server, [{ recipientId, key: privateKey(realCrypto, seed, 'recipient') }]);
    return line;
  }

  private receive(messages: readonly IncomingMessage[]): void {
    for (const message of messages) {
      const line = this.lines.get(bytesKey(message.recipientId));
      const opened = line && this.opener.open(line.queue, message);
      if (opened?.is === 'delivered') line?.take(opened.delivered);
    }
    this.smp.acknowledge(messages);
  }
}
