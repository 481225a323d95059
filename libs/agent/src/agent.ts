import { poolLinkId, type RecordRef } from '@chat-relays/protocol';
import { setConnShortLinkAsync } from './commands/async-commands';
import { groupCreation, historyAsked, joining, type NewGroup } from './handling/beginnings';
import { Checks } from './timers/checks';
import { defaultPage, Deliverer } from './forwarding/deliver';
import type { ReceiveQueue } from './commands/command';
import { Handler } from './handling/handle';
import type { EventInput, Input } from './handling/input';
import type { Road } from './commands/link';
import { lossOf } from './handling/lost-queue';
import { post, type Posted } from './forwarding/posts';
import { defaultPump, Pump, type PumpOptions } from './commands/pump';
import type { Deliveries, Host, Messages, Store } from './ports';
import { privateKey } from './sealing/keys';
import { Receiver } from './handling/receive';
import { Sealer } from './sealing/sealer';
import { backoff, defaultRetry, latestRetry, type RetryPolicy } from './commands/retry';
import { type IncomingMessage, type OwnQueue, type Smp, TemporaryError } from './smp-port';

export interface AgentOptions {
  readonly store: Store;
  readonly messages: Messages;
  readonly deliveries: Deliveries;
  readonly smp: Smp;
  readonly host: Host;
  /** the SMP server at which this agent's queues are */
  readonly server: string;
  /** of the relay; agents of owners and members host many identities and take every queue */
  readonly identity?: string;
  /** of records that begin here */
  readonly protocol: string;
  readonly retry?: RetryPolicy;
  /** how often what may have changed untold is looked at; default 15 min */
  readonly checkMs?: number;
  readonly pump?: PumpOptions;
  /** members that a relay sends to at once */
  readonly page?: number;
  /** messages to peers have SMP's fixed size; default true */
  readonly padded?: boolean;
  /** what `server` wants from those who create queues */
  readonly basicAuth?: Uint8Array;
}

const DEFAULT_CHECK_MS = 900_000;

/**
 * One agent process: events in, commands out. Whether it starts for the first time or after a crash makes no
 * difference: outstanding commands are in the queue, unacknowledged messages at the servers, cursors in the jobs.
 */
export class Agent {
  private readonly handler: Handler;
  private readonly pump: Pump;
  private readonly receiver: Receiver;
  private readonly deliverer: Deliverer;
  private readonly delivering = new Map<string, Promise<void>>();
  /** groups that got something new while their delivery was ending */
  private readonly again = new Set<string>();
  private readonly retry: RetryPolicy;
  private readonly checks: Checks;
  private readonly timers: NodeJS.Timeout[] = [];
  private running = false;
  private beside = false;

  constructor(private readonly options: AgentOptions) {
    const { store, host, smp, messages, deliveries, server, protocol, identity = '' } = options;
    const retry = (this.retry = options.retry ?? defaultRetry);
    this.handler = new Handler({
      store,
      host,
      retry,
      onQueues: (queues) => this.subscribe(queues),
      onDeleted: (queues) => this.receiver.forget(queues),
      onJobs: (relayOwnIds) => relayOwnIds.forEach((id) => this.deliver(id)),
      onCommands: () => this.pump.wake(),
    });
    const handler = this.handler;
    this.checks = new Checks(store, handler, options.identity);
    const sealer = new Sealer(host.crypto, (bytes) => host.random(bytes), options.padded ?? true);
    const { basicAuth } = options;
    const page = options.page ?? defaultPage;
    const road: Road = {
      smp,
      store,
      deliveries,
      host,
      sealer,
      server,
      page,
      ...(basicAuth && { basicAuth }),
    };
    this.pump = new Pump(road, handler, retry, options.pump ?? defaultPump);
    this.receiver = new Receiver({
      ...{ store, messages, smp, host, handler, retry },
      onJobs: (relayOwnIds) => relayOwnIds.forEach((id) => this.deliver(id)),
    });
    this.deliverer = new Deliverer({
      deliveries,
      smp,
      sealer,
      host,
      handler,
      retry,
      protocol,
      identity,
      page,
    });
  }

  /** Subscribes what this agent knows and goes on with what it has to do. */
  async start(): Promise<void> {
    this.running = true;
    await this.resume();
    this.pump.start();
    const { identity, checkMs = DEFAULT_CHECK_MS } = this.options;
    this.timers.push(setInterval(() => void this.check(), checkMs));
    if (identity !== undefined) {
      this.timers.push(setInterval(() => void this.deliverPending(), this.retry.initialMs));
    }
  }

  /** The queues of before; also what the simulation does after a crash. */
  async resume(): Promise<void> {
    this.subscribe(await this.options.store.queues(this.options.identity));
  }

  /** Takes nothing new and waits for what is in hand. */
  async stop(): Promise<void> {
    this.running = false;
    this.timers.forEach(clearInterval);
    await Promise.all([this.pump.stop(), ...this.delivering.values()]);
  }

  /** A user's event for a record. Resolves when it is committed, to what became of it. */
  async tell(
    ref: RecordRef,
    identity: string,
    event: string,
    facts: object,
  ): Promise<Parameters<NonNullable<EventInput['concluded']>>[0] | undefined> {
    const { protocol } = this.options;
    let outcome: Awaited<ReturnType<Agent['tell']>>;
    const concluded: EventInput['concluded'] = (became) => (outcome = became);
    await this.tellAll([{ ref, identity, protocol, event: { name: event, facts }, concluded }]);
    return outcome;
  }

  /** Step 1, owner. */
  async createGroup(group: NewGroup): Promise<void> {
    await this.tellAll([groupCreation(group, this.options.server, this.options.host)]);
  }

  /** Step 14, members: who is in the group already reads its link again. */
  async join(groupLink: string, memberNames: readonly string[], anew = false): Promise<void> {
    await this.tellAll(memberNames.map((name) => joining(name, groupLink, this.options.host, anew)));
  }

  /** Asks relays what they sent last, over the member's priority connections. */
  async askHistory(memberName: string, connectionIds: readonly string[]): Promise<void> {
    await this.tellAll(connectionIds.map((id) => historyAsked(memberName, id)));
  }

  /** A queue that its SMP server has not any more: what has to be done about it is up to its record. */
  async lost(server: string, recipientId: Uint8Array, error: string): Promise<void> {
    const queue = this.receiver.known({ server, recipientId });
    if (!queue) return;
    const { host } = this.options;
    const { noun, id, purpose } = queue;
    host.observe({ what: 'lost', noun, id, purpose, reason: error });
    await this.tellAll(lossOf(queue, error, host.now()));
  }

  /** Another process of the same name may be there, and make queues that this one does not know. */
  overtaken(): void {
    this.beside = true;
  }

  /** Looks at what may have changed untold, now: also for queues of a process that was there beside this one. */
  async check(): Promise<void> {
    const { store, host, identity } = this.options;
    const { beside } = this;
    // what is heard while this looks is for the next time
    this.beside = false;
    try {
      if (beside) this.subscribe(this.receiver.unknown(await store.queues(identity)));
      await this.checks.run();
    } catch (error) {
      if (!(error instanceof TemporaryError)) throw error;
      this.beside ||= beside;
      host.observe({ what: 'waiting', on: 'database', reason: error.message });
    }
  }

  /** Step 0 of `pooled`: the links that a relay is to have ready; those that it has stay. */
  async fillPool(relayName: string, size: number): Promise<void> {
    await this.tellAll(
      Array.from({ length: size }, (_, at) => at + 1).map((number) => ({
        ref: { noun: 'pool_link', id: poolLinkId(relayName, number) },
        identity: relayName,
        protocol: 'pooled',
        event: { name: 'link.wanted', facts: { relayName, number, size } },
      })),
    );
  }

  async tellAll(inputs: readonly Input[]): Promise<void> {
    await this.handler.handle(inputs);
  }

  /** A block from a server. Resolves when it is committed and acknowledged. */
  async receive(messages: readonly IncomingMessage[]): Promise<void> {
    await this.receiver.receive(messages);
  }

  async post(groupId: string, texts: readonly string[]): Promise<Posted> {
    const { store, host } = this.options;
    const posted = await store.commit((unit) => post(unit, groupId, texts, host));
    this.pump.wake();
    return posted;
  }

  /**
   * Writes the link data of a group of this agent: queued durably, executed in the background. How it ended is observed
   * as `executed` with this corrId.
   */
  async setConnShortLinkAsync(corrId: string, groupId: string): Promise<void> {
    const { store, host } = this.options;
    await store.commit(async (unit) => {
      const [record] = await unit.load([{ noun: 'group', id: groupId }]);
      if (!record) throw new RangeError(`there is no group ${groupId}`);
      const ask = { step: 'x', kind: 'LSET' } as const;
      await unit.save({ commands: [setConnShortLinkAsync(corrId, { groupId }, { record, ask, host })] });
    });
    this.pump.wake();
  }

  /** One round of the pump, for those who drive the agent themselves. */
  async executeDue(lanes?: number): Promise<number> {
    return this.pump.step(lanes);
  }

  /** One step of forwarding for a group. */
  async deliverStep(relayOwnId: string): Promise<boolean> {
    return this.deliverer.step(relayOwnId);
  }

  private subscribe(queues: readonly ReceiveQueue[]): void {
    this.receiver.know(queues);
    const byServer = new Map<string, OwnQueue[]>();
    for (const { server, recipientId, seed } of queues) {
      const own = { recipientId, key: privateKey(this.options.host.crypto, seed, 'recipient') };
      if (!byServer.get(server)?.push(own)) byServer.set(server, [own]);
    }
    for (const [server, own] of byServer) {
      this.options.smp.subscribe(server, own).catch((error: Error) => {
        this.options.host.observe({ what: 'waiting', on: 'smp', reason: error.message });
      });
    }
  }

  private deliver(relayOwnId: string): void {
    if (!this.running) return;
    if (this.delivering.has(relayOwnId)) {
      this.again.add(relayOwnId);
      return;
    }
    const work = this.deliverAll(relayOwnId).finally(() => {
      this.delivering.delete(relayOwnId);
      if (this.again.delete(relayOwnId)) this.deliver(relayOwnId);
    });
    this.delivering.set(relayOwnId, work);
  }

  private async deliverAll(relayOwnId: string): Promise<void> {
    const { host } = this.options;
    for (let tries = 1; this.running; tries++) {
      try {
        while (this.running && (await this.deliverer.step(relayOwnId))) tries = 1;
        return;
      } catch (error) {
        if (!(error instanceof TemporaryError)) throw error;
        host.observe({ what: 'waiting', on: 'database', reason: error.message });
        await host.sleep(backoff(tries, this.retry));
      }
    }
  }

  /** Jobs of before a restart, and members that are due again. */
  private async deliverPending(): Promise<void> {
    const { deliveries, host, identity } = this.options;
    const now = host.now();
    const latest = latestRetry(now, this.retry);
    const pending = await deliveries.pending(identity!, now, latest).catch((error: Error) => {
      host.observe({ what: 'waiting', on: 'database', reason: error.message });
      return [];
    });
    for (const id of pending) this.deliver(id);
  }
}
