import { encodeForward } from '@chat-relays/wire';
import { acceptsPosts, groupLinkOf, membershipOf, refKey } from '@chat-relays/protocol';
import type { ReceiveQueue } from './command';
import type { NewDeliveryJob } from './delivery';
import { GroupCommit } from './group-commit';
import type { Handler } from './handle';
import type { NewMessage } from './message';
import type { Host, Messages, Store } from './ports';
import { backoff, type RetryPolicy } from './retry';
import { type Content, route } from './route';
import { type IncomingMessage, type Smp, TemporaryError } from './smp-port';

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

/**
 * From server to commit: a block of messages is decoded, committed and only then acknowledged, as one block. A queue has
 * one unacknowledged message at a time, so messages of one block never depend on each other.
 */
export class Receiver {
  private readonly queues = new Map<string, ReceiveQueue>();
  private readonly copies = new GroupCommit<NewMessage>(MOST_PER_COMMIT, (copies) =>
    this.persist(() => this.insert(copies)),
  );

  constructor(private readonly ports: ReceiverPorts) {}

  know(queues: readonly ReceiveQueue[]): void {
    for (const queue of queues) this.queues.set(queueKey(queue), queue);
  }

  async receive(messages: readonly IncomingMessage[]): Promise<void> {
    const { handler, host, smp } = this.ports;
    const known = messages.flatMap((message) => {
      const queue = this.queues.get(queueKey(message));
      return queue ? [{ message, queue }] : [];
    });
    const routed = known.map(({ message, queue }) => route(queue, message));
    for (const { refusals } of routed) for (const refusal of refusals) host.observe(refusal);
    const inputs = routed.flatMap((one) => one.inputs);
    const posts = routed.flatMap((one) => one.posts);
    const forwards = routed.flatMap((one) => one.forwards);
    await Promise.all([
      inputs.length > 0 && handler.handle(inputs).catch((error: Error) => this.refused('event', error)),
      posts.length > 0 &&
        this.persist(() => this.post(posts)).catch((error: Error) => this.refused('post', error)),
      forwards.length > 0 && this.keep(forwards),
    ]);
    smp.acknowledge(known.map(({ message }) => message));
  }

  /** Step 16 at the relay: one delivery job per message, in the commit in which it sees that it serves the group. */
  private async post(posts: readonly Content[]): Promise<void> {
    const { store, host } = this.ports;
    await host.failpoint?.('relay.16.x.msg.new.before-commit');
    const jobs = await store.commit(async (unit) => {
      const records = await unit.load(posts.map(({ queue }) => queue));
      const serving = new Set(records.filter(({ status }) => acceptsPosts(status)).map(refKey));
      const accepted = posts.filter(({ queue }) => serving.has(refKey(queue))).map(jobOf);
      await unit.save({ records: [], commands: [], consumed: [], queues: [], jobs: accepted });
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
  private async keep(forwards: readonly Content[]): Promise<void> {
    const receivedAt = this.ports.host.now();
    const copies = forwards.map(({ queue, author, messageId, body }) => {
      const membershipId = membershipOf(queue.id);
      const groupLink = groupLinkOf(membershipId);
      return { membershipId, groupLink, author, messageId, body, via: queue.id, receivedAt };
    });
    await this.copies.add(copies).catch((error: Error) => this.refused('forward', error));
  }

  /** The first copy is kept, every other one is counted. */
  private async insert(copies: readonly NewMessage[]): Promise<void> {
    const { messages, host } = this.ports;
    await host.failpoint?.('member.18.x.grp.msg.forward.before-commit');
    const kept = await messages.insert(copies);
    await host.failpoint?.('member.18.x.grp.msg.forward.after-commit');
    host.observe({ what: 'received', messages: kept, duplicates: copies.length - kept });
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

function jobOf({ queue, author, messageId, body, time }: Content): NewDeliveryJob {
  return {
    relayOwnId: queue.id,
    identity: queue.identity,
    author,
    messageId,
    element: encodeForward({ kind: 'channel' }, time, body),
  };
}

function queueKey({ server, recipientId }: { server: string; recipientId: Uint8Array }): string {
  return `${server} ${Buffer.from(recipientId).toString('latin1')}`;
}
