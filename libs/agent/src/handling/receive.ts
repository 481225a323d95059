import { encodeForward } from '@chat-relays/wire';
import {
  broadcastOf,
  groupLinkOf,
  membershipOf,
  refKey,
  relayLinkOf,
  relayOwnOf,
  type RecordRef,
  type SagaRecord,
  serves,
} from '@chat-relays/protocol';
import type { QueueId, ReceiveQueue } from '../commands/command';
import type { NewDeliveryJob } from '../forwarding/delivery';
import { gapBefore, tellGaps } from '../forwarding/gap';
import { GroupCommit } from './group-commit';
import type { Handler } from './handle';
import { KnownQueues } from './known-queues';
import type { Divergence, NewMessage } from '../forwarding/message';
import { type Delivered, mayBeBehind, type Opened, Opener } from '../sealing/opener';
import type { Host, Messages, Store } from '../ports';
import { backoff, type RetryPolicy } from '../commands/retry';
import { type Content, route, type Routed } from './route';
import type { Received } from '../sealing/send-queue';
import { type IncomingMessage, type Smp, TemporaryError } from '../smp-port';

export interface ReceiverPorts {
  readonly store: Store;
  readonly messages: Messages;
  readonly smp: Pick<Smp, 'acknowledge'>;
  readonly host: Host;
  readonly handler: Handler;
  readonly retry: RetryPolicy;
  /** relay records that got something to forward */
  onJobs(relayOwnIds: readonly string[]): void;
}

/** Copies of one statement; of the longest messages they are 15 MB. */
const MOST_PER_COMMIT = 1_000;

/** The copies that one message brought, and what it told about its queue: kept together. */
interface Copies {
  readonly copies: readonly NewMessage[];
  readonly received: readonly Received[];
}

interface Arrival extends Routed {
  readonly queue: ReceiveQueue;
  /** what has to be kept about the queue */
  readonly received?: Received;
}

/**
 * From server to commit: a block of messages is opened, decoded, committed and only then acknowledged, as one block. A
 * queue has one unacknowledged message at a time, so messages of one block never depend on each other.
 */
export class Receiver {
  private readonly queues = new KnownQueues();
  private readonly opener: Opener;
  private readonly copies = new GroupCommit<Copies>(
    MOST_PER_COMMIT,
    (arrived) => this.persist(() => this.insert(arrived)),
    ({ copies }) => copies.length,
  );

  constructor(private readonly ports: ReceiverPorts) {
    this.opener = new Opener(ports.host.crypto);
  }

  know(queues: readonly ReceiveQueue[]): void {
    this.queues.know(queues);
  }

  known(queue: QueueId): ReceiveQueue | undefined {
    return this.queues.of(queue);
  }

  /** Those that another process of the same name has made. */
  unknown(queues: readonly ReceiveQueue[]): ReceiveQueue[] {
    return queues.filter((queue) => !this.queues.of(queue));
  }

  forget(queues: readonly QueueId[]): void {
    this.queues.forget(queues);
  }

  async receive(messages: readonly IncomingMessage[]): Promise<void> {
    const { smp } = this.ports;
    const known = messages.filter((message) => this.queues.of(message));
    const arrivals = await this.open(known);
    const withPosts = arrivals.filter(({ posts }) => posts.length > 0);
    const withForwards = arrivals.filter(({ forwards }) => forwards.length > 0);
    await Promise.all([
      this.handle(arrivals.filter(({ posts, forwards }) => posts.length + forwards.length === 0)),
      this.handle([...withPosts, ...withForwards].map(({ received: _, ...arrival }) => arrival)),
      withPosts.length > 0 &&
        this.persist(() => this.post(withPosts)).catch((error: Error) =>
          this.cannotBeKept('post', error, withPosts),
        ),
      withForwards.length > 0 && this.keep(withForwards),
    ]);
    const received = arrivals.flatMap((arrival) => arrival.received ?? []);
    for (const told of received) this.queues.advance(told);
    tellGaps(received, this.ports.host);
    smp.acknowledge(known);
  }

  private async open(messages: readonly IncomingMessage[]): Promise<Arrival[]> {
    const openOne = (message: IncomingMessage) => this.opener.open(this.queues.of(message)!, message);
    const once = messages.map(openOne);
    const strange = messages.filter((_, at) => mayBeBehind(once[at])).map((one) => this.queues.of(one)!);
    await this.readAgain(strange.filter(({ purpose }) => purpose === 'connection'));
    return messages.flatMap((message, at) =>
      this.arrival(this.queues.of(message)!, mayBeBehind(once[at]) ? openOne(message) : once[at]),
    );
  }

  /** Another process of the same name may have read from these queues meanwhile. */
  private async readAgain(queues: readonly ReceiveQueue[]): Promise<void> {
    const { store } = this.ports;
    if (queues.length === 0) return;
    await this.persist(async () => {
      for (const { noun, id } of queues) this.queues.renew(await store.queuesOf({ noun, id }));
    });
  }

  private arrival(queue: ReceiveQueue, opened: Opened): Arrival[] {
    const { host } = this.ports;
    if (opened.is === 'quota') return [];
    if (opened.is === 'refused') {
      const { where, reason } = opened;
      host.observe({ what: 'refused', purpose: queue.purpose, where, reason });
      return [];
    }
    const { delivered } = opened;
    this.tellIntegrity(queue, delivered);
    const routed = route(queue, delivered);
    for (const refusal of routed.refusals) host.observe(refusal);
    const gap = gapBefore(queue, delivered, host.now());
    const received = delivered.received && { ...delivered.received, ...(gap && { gap }) };
    return [{ ...routed, queue, ...(received && { received }) }];
  }

  private tellIntegrity({ noun }: ReceiveQueue, { integrity }: Delivered): void {
    if (!integrity || integrity.is === 'ok') return;
    const { is, ...gap } = integrity;
    this.ports.host.observe({ what: 'integrity', result: is, noun, ...gap });
  }

  /** Events, and what is to be kept of messages that brought nothing. */
  private async handle(arrivals: readonly Arrival[]): Promise<void> {
    const { handler } = this.ports;
    const inputs = arrivals.flatMap(({ inputs: [first, ...others], received }) =>
      first ? [{ ...first, ...(received && { received }) }, ...others] : [],
    );
    const silent = arrivals.flatMap(({ inputs: found, received }) =>
      found.length === 0 && received ? [received] : [],
    );
    await Promise.all([
      inputs.length > 0 &&
        handler.handle(inputs).catch((error: Error) => this.cannotBeKept('event', error, arrivals)),
      silent.length > 0 && this.keepReceived(silent),
    ]);
  }

  /** One of these arrivals brought what no commit takes: what they told about their queues is kept all the same. */
  private async cannotBeKept(
    where: string,
    error: Error,
    arrivals: readonly Pick<Arrival, 'received'>[],
  ): Promise<void> {
    this.refused(where, error);
    await this.keepReceived(arrivals.flatMap(({ received }) => received ?? []));
  }

  private async keepReceived(received: readonly Received[]): Promise<void> {
    if (received.length === 0) return;
    const { store } = this.ports;
    await this.persist(() => store.commit((unit) => unit.save({ received }))).catch((error: Error) =>
      this.refused('queue', error),
    );
  }

  /** Step 16 at the relay: one delivery job per message, in the commit in which it sees that it serves the group. */
  private async post(arrivals: readonly Arrival[]): Promise<void> {
    const { store, host } = this.ports;
    const posts = arrivals.flatMap((arrival) => arrival.posts);
    const received = arrivals.flatMap((arrival) => arrival.received ?? []);
    await host.failpoint?.('relay.16.x.msg.new.before-commit');
    const jobs = await store.commit(async (unit) => {
      const records = await unit.load(posts.flatMap(({ queue }) => [queue, servingRef(queue)]));
      const known = new Map(records.map((record) => [refKey(record), record]));
      const accepted = posts.filter(({ queue }) => takesPosts(queue, known)).map(jobOf);
      await unit.save({ jobs: accepted, received });
      return accepted;
    });
    await host.failpoint?.('relay.16.x.msg.new.after-commit');
    if (jobs.length < posts.length) {
      host.observe({
        what: 'refused',
        purpose: 'connection',
        where: 'x.msg.new',
        reason: 'this relay does not serve the group',
      });
    }
    this.ports.onJobs([...new Set(jobs.map(({ relayOwnId }) => relayOwnId))]);
  }

  /** Step 18. Blocks of all relays and members are kept together: the copies of one message meet in one statement. */
  private async keep(arrivals: readonly Arrival[]): Promise<void> {
    const receivedAt = this.ports.host.now();
    const copies = arrivals.map(({ forwards, received }) => ({
      copies: forwards.map((forward) => copyOf(forward, receivedAt)),
      received: received ? [received] : [],
    }));
    await this.copies.add(copies).catch((error: Error) => this.cannotBeKept('forward', error, arrivals));
  }

  /** The first copy is kept, every other one is counted, and told where it says otherwise. */
  private async insert(arrived: readonly Copies[]): Promise<void> {
    const { messages, host } = this.ports;
    const copies = arrived.flatMap((one) => one.copies);
    await host.failpoint?.('member.18.x.grp.msg.forward.before-commit');
    const { kept, divergences } = await messages.insert(
      copies,
      arrived.flatMap((one) => one.received),
    );
    await host.failpoint?.('member.18.x.grp.msg.forward.after-commit');
    host.observe({ what: 'received', messages: kept, duplicates: copies.length - kept });
    this.tellDivergences(divergences);
  }

  /** By relay: one that alters what it forwards does so for every member. */
  private tellDivergences(divergences: readonly Divergence[]): void {
    const totals = new Map<string, Pick<Divergence, 'kept' | 'dropped'>>();
    for (const { via, kept, dropped } of divergences) {
      const relayLink = relayLinkOf(via);
      const before = totals.get(relayLink) ?? { kept: 0, dropped: 0 };
      totals.set(relayLink, { kept: before.kept + kept, dropped: before.dropped + dropped });
    }
    for (const [relayLink, total] of totals)
      this.ports.host.observe({ what: 'diverged', relayLink, ...total });
  }

  /** While the database is away, everything waits. */
  private async persist(work: () => Promise<void>): Promise<void> {
    const { host, retry } = this.ports;
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof TemporaryError)) throw error;
        host.observe({ what: 'waiting', on: 'database', reason: error.message });
        await host.sleep(backoff(tries, retry));
      }
    }
  }

  private refused(where: string, error: Error): void {
    this.ports.host.observe({ what: 'refused', purpose: 'connection', where, reason: error.message });
  }
}

/** The relay serves the group, and this is the connection that it has with the owner now. */
function takesPosts(queue: ReceiveQueue, records: ReadonlyMap<string, SagaRecord>): boolean {
  const relay = records.get(refKey(servingRef(queue)));
  return relay !== undefined && serves(relay) && records.get(refKey(queue))?.attempt === queue.attempt;
}

/** The relay's record of the group whose owner says something on this queue. */
function servingRef({ noun, id }: RecordRef): RecordRef {
  return { noun: 'relay_own', id: noun === 'owner_connection' ? relayOwnOf(id) : id };
}

function jobOf({ queue, author, messageId, body, time }: Content): NewDeliveryJob {
  return {
    relayOwnId: servingRef(queue).id,
    identity: queue.identity,
    author,
    messageId,
    element: encodeForward({ kind: 'channel' }, time, body),
  };
}

function copyOf({ queue, author, messageId, body }: Content, receivedAt: number): NewMessage {
  const membershipId = membershipOf(queue.id);
  const groupLink = groupLinkOf(membershipId);
  return { membershipId, groupLink, author, messageId, body, via: broadcastOf(queue.id), receivedAt };
}
