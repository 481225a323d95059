import {
  type Changes,
  type Command,
  type Gap,
  HISTORY,
  type JobKey,
  type NewDeliveryJob,
  type NewPost,
  noChanges,
  type OwnedRef,
  type Received,
  type ReceiveQueue,
  type SendQueue,
  sendQueueKey,
  type Sent,
  type Store,
  type TakenLink,
  type Stuck,
  type Unit,
} from '@chat-relays/agent';
import { type Noun, parentOf, type RecordRef, refKey, type SagaRecord } from '@chat-relays/protocol';

interface QueuedCommand {
  command: Command;
  dueAt: number;
  leasedUntil: number;
}

/** The agents' records, commands and receive queues in memory: what a database keeps through a crash. */
export class MemoryStore implements Store {
  readonly records = new Map<string, SagaRecord>();
  /** unix ms of each record's status */
  private readonly since = new Map<string, number>();
  readonly commands = new Map<string, QueuedCommand>();
  readonly receiveQueues = new Map<string, ReceiveQueue>();
  readonly sendQueues = new Map<string, SendQueue>();
  readonly posts: NewPost[] = [];
  /** by queue and where they begin, in the order in which they were noticed */
  readonly gaps = new Map<string, Gap>();
  /** counts commits that changed something */
  version = 0;
  private last: Promise<unknown> = Promise.resolve();
  /** what `nextDue` answers, until the queue changes */
  private due: { readonly at: number | undefined } | undefined;

  constructor(
    private readonly onJobs: (jobs: readonly NewDeliveryJob[], withdrawn: readonly JobKey[]) => void = () =>
      undefined,
    private readonly onMembers: (members: readonly SagaRecord[]) => void = () => undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** One after the other: every transaction sees the whole of the one before. */
  async commit<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    const turn = this.last.then(async () => {
      const unit = new MemoryUnit(this);
      const result = await work(unit);
      for (const changes of unit.saved) this.apply(changes);
      return result;
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  async lease(request: Parameters<Store['lease']>[0]): Promise<Command[]> {
    const { lanes, perLane, now, until, latest = Infinity } = request;
    if (this.commands.size === 0) return [];
    const byLane = new Map<string, QueuedCommand[]>();
    for (const queued of this.commands.values()) {
      const lane = byLane.get(queued.command.lane);
      if (lane) lane.push(queued);
      else byLane.set(queued.command.lane, [queued]);
    }
    const isOver = (moment: number): boolean => moment <= now || moment > latest;
    const due = [...byLane.values()].filter(([head]) => isOver(head.dueAt) && isOver(head.leasedUntil));
    const taken = new Set(due.slice(0, lanes).flatMap((lane) => lane.slice(0, perLane)));
    for (const queued of taken) queued.leasedUntil = until;
    this.due = undefined;
    return [...this.commands.values()]
      .filter((queued) => taken.has(queued))
      .map(({ command }) => this.leased(command));
  }

  private leased(command: Command): Command {
    const to = command.peer && this.sendQueues.get(sendQueueKey(command.peer));
    return to ? { ...command, to } : command;
  }

  async renew(ids: readonly string[], until: number): Promise<void> {
    for (const queued of this.queued(ids)) queued.leasedUntil = until;
  }

  async postpone(ids: readonly string[], dueAt: number, tried: boolean): Promise<void> {
    for (const queued of this.queued(ids)) {
      queued.command = { ...queued.command, tries: queued.command.tries + (tried ? 1 : 0) };
      queued.dueAt = dueAt;
      queued.leasedUntil = 0;
    }
  }

  async queues(identity?: string): Promise<ReceiveQueue[]> {
    return [...this.receiveQueues.values()].filter(
      (queue) => identity === undefined || queue.identity === identity,
    );
  }

  async linkOf(ref: RecordRef): Promise<ReceiveQueue | undefined> {
    return [...this.receiveQueues.values()].find((queue) => queue.link && refKey(queue) === refKey(ref));
  }

  async queuesOf(ref: RecordRef): Promise<ReceiveQueue[]> {
    return [...this.receiveQueues.values()].filter((queue) => refKey(queue) === refKey(ref));
  }

  async takeLink(ref: RecordRef, identity: string, attempt: number): Promise<TakenLink | undefined> {
    const links = [...this.receiveQueues.values()].filter(({ link }) => link);
    const own = links.find((queue) => refKey(queue) === refKey(ref) && queue.attempt === attempt);
    if (own) {
      const from = [...this.records.values()].find(
        ({ noun, data }) => noun === 'pool_link' && data['link'] === own.link!.uri,
      );
      return { queue: own, ...(from && { from: from.id }) };
    }
    const ready = links.find(
      (queue) =>
        queue.identity === identity && this.records.get(refKey(queue))?.status === 'Ready' && isPool(queue),
    );
    if (!ready) return undefined;
    const protocol = this.records.get(refKey(ref))?.protocol ?? ready.protocol;
    const queue = { ...ready, ...ref, protocol, attempt };
    this.receiveQueues.set(queueKey(queue), queue);
    return { queue, from: ready.id };
  }

  async recordsIn(noun: Noun, statuses: readonly string[], identity?: string): Promise<OwnedRef[]> {
    return [...this.records.values()].filter(
      (record) =>
        record.noun === noun &&
        statuses.includes(record.status) &&
        (identity === undefined || record.identity === identity),
    );
  }

  async stuck(request: Parameters<Store['stuck']>[0]): Promise<Stuck[]> {
    const { waiting, before, after, limit } = request;
    const waits = new Set(waiting.map(({ noun, protocol, status }) => `${noun} ${protocol} ${status}`));
    return [...this.records.entries()]
      .filter(([, { noun, protocol, status }]) => waits.has(`${noun} ${protocol} ${status}`))
      .map(([key, record]) => ({ record, since: this.since.get(key)! }))
      .sort((one, other) => order(placeOf(one), placeOf(other)))
      .filter((each) => each.since <= before && order(after, placeOf(each)) < 0)
      .slice(0, limit);
  }

  /** When the next command is due, leases of dead processes included. */
  nextDue(): number | undefined {
    this.due ??= { at: this.firstDue() };
    return this.due.at;
  }

  private firstDue(): number | undefined {
    if (this.commands.size === 0) return undefined;
    const heads = new Map<string, number>();
    for (const { command, dueAt, leasedUntil } of this.commands.values()) {
      if (!heads.has(command.lane)) heads.set(command.lane, Math.max(dueAt, leasedUntil));
    }
    return Math.min(...heads.values());
  }

  private queued(ids: readonly string[]): QueuedCommand[] {
    this.due = undefined;
    return ids.flatMap((id) => this.commands.get(id) ?? []);
  }

  private apply(changes: Changes): void {
    const { records, commands, consumed, queues, deleted, forgotten, posts } = changes;
    const { sendQueues, sent, received } = changes;
    this.version++;
    this.due = undefined;
    for (const record of records) {
      const key = refKey(record);
      if (this.records.get(key)?.status !== record.status) this.since.set(key, this.now());
      this.records.set(key, record);
    }
    for (const id of consumed) this.commands.delete(id);
    for (const command of commands) {
      // one that is outstanding will have its reply: it is not asked for twice
      if (!this.commands.has(command.id))
        this.commands.set(command.id, { command, dueAt: 0, leasedUntil: 0 });
    }
    for (const queue of queues) {
      const key = queueKey(queue);
      if (!this.receiveQueues.has(key)) this.receiveQueues.set(key, queue);
    }
    for (const queue of deleted) this.receiveQueues.delete(queueKey(queue));
    for (const ref of forgotten) this.forget(ref);
    this.posts.push(...posts);
    for (const queue of sendQueues) {
      const key = sendQueueKey(queue);
      if (!this.sendQueues.has(key)) this.sendQueues.set(key, queue);
    }
    this.keepSent(sent);
    this.keepReceived(received);
    this.onJobs(changes.jobs, changes.withdrawn);
    this.onMembers(records.filter(({ noun, status }) => noun === 'group_member' && status === 'New'));
  }

  private forget(ref: RecordRef): void {
    const key = refKey(ref);
    const has = (one: RecordRef): boolean => refKey(one) === key;
    const record = this.records.get(key);
    const commands = [...this.commands.values()].map(({ command }) => command);
    if (!record || [...this.receiveQueues.values()].some(has)) return;
    if (commands.some(({ noun, recordId }) => has({ noun, id: recordId }))) return;
    this.records.delete(key);
    if (record.peer) this.sendQueues.delete(sendQueueKey(record.peer));
  }

  keepSent(sent: readonly Sent[]): void {
    for (const { position, ...address } of sent) {
      const key = sendQueueKey(address);
      const known = this.sendQueues.get(key);
      if (known) this.sendQueues.set(key, { ...known, sent: position });
    }
  }

  keepReceived(received: readonly Received[]): void {
    for (const { position, time, peerDhKey, gap, ...address } of received) {
      const key = queueKey(address);
      const beginning = `${key} ${gap?.from}`;
      if (gap && !this.gaps.has(beginning)) this.gaps.set(beginning, gap);
      const known = this.receiveQueues.get(key);
      if (!known) continue;
      this.receiveQueues.set(key, {
        ...known,
        ...(position && { received: position }),
        ...(time !== undefined && { receivedTime: time }),
        ...(peerDhKey && { peerDhKey }),
      });
    }
  }
}

class MemoryUnit implements Unit {
  readonly saved: Changes[] = [];

  constructor(private readonly store: MemoryStore) {}

  async load(refs: readonly RecordRef[]): Promise<SagaRecord[]> {
    return [...new Set(refs.map(refKey))].flatMap((key) => this.store.records.get(key) ?? []);
  }

  async outstanding(ids: readonly string[]): Promise<string[]> {
    return ids.filter((id) => this.store.commands.has(id));
  }

  async relaysOf(groupId: string): Promise<SagaRecord[]> {
    return [...this.store.records.values()].filter(
      (record) => record.noun === 'group_relay' && parentOf(record) === groupId,
    );
  }

  async recentPosts(groupId: string): Promise<NewPost[]> {
    return this.store.posts.filter((post) => post.groupId === groupId).slice(-HISTORY);
  }

  async save(changes: Partial<Changes>): Promise<void> {
    this.saved.push({ ...noChanges, ...changes });
  }
}

function isPool({ noun }: ReceiveQueue): boolean {
  return noun === 'pool_link';
}

function queueKey({ server, recipientId }: Pick<ReceiveQueue, 'server' | 'recipientId'>): string {
  return `${server} ${Buffer.from(recipientId).toString('hex')}`;
}

interface Place {
  readonly since: number;
  readonly id: string;
}

function placeOf({ record, since }: Stuck): Place {
  return { since, id: record.id };
}

function order(one: Place, other: Place): number {
  return one.since - other.since || (one.id < other.id ? -1 : Number(one.id > other.id));
}
