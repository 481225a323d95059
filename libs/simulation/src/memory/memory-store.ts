import type { Changes, Command, NewDeliveryJob, ReceiveQueue, Store, Unit } from '@chat-relays/agent';
import { parentOf, type RecordRef, refKey, type SagaRecord } from '@chat-relays/protocol';

interface QueuedCommand {
  command: Command;
  dueAt: number;
  leasedUntil: number;
}

/** The agents' records, commands and receive queues in memory: what a database keeps through a crash. */
export class MemoryStore implements Store {
  readonly records = new Map<string, SagaRecord>();
  readonly commands = new Map<string, QueuedCommand>();
  readonly receiveQueues = new Map<string, ReceiveQueue>();
  /** counts commits that changed something */
  version = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly onJobs: (jobs: readonly NewDeliveryJob[]) => void = () => undefined) {}

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

  async lease(request: { lanes: number; perLane: number; now: number; until: number }): Promise<Command[]> {
    const { lanes, perLane, now, until } = request;
    const byLane = new Map<string, QueuedCommand[]>();
    for (const queued of this.commands.values()) {
      const lane = byLane.get(queued.command.lane);
      if (lane) lane.push(queued);
      else byLane.set(queued.command.lane, [queued]);
    }
    const due = [...byLane.values()].filter(([head]) => head.dueAt <= now && head.leasedUntil <= now);
    const taken = new Set(due.slice(0, lanes).flatMap((lane) => lane.slice(0, perLane)));
    for (const queued of taken) queued.leasedUntil = until;
    return [...this.commands.values()].filter((queued) => taken.has(queued)).map(({ command }) => command);
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

  /** When the next command is due, leases of dead processes included. */
  nextDue(): number | undefined {
    const heads = new Map<string, number>();
    for (const { command, dueAt, leasedUntil } of this.commands.values()) {
      if (!heads.has(command.lane)) heads.set(command.lane, Math.max(dueAt, leasedUntil));
    }
    return heads.size === 0 ? undefined : Math.min(...heads.values());
  }

  private queued(ids: readonly string[]): QueuedCommand[] {
    return ids.flatMap((id) => this.commands.get(id) ?? []);
  }

  private apply({ records, commands, consumed, queues, jobs }: Changes): void {
    this.version++;
    for (const command of commands) {
      if (this.commands.has(command.id)) throw new Error(`command ${command.id} is queued already`);
    }
    for (const record of records) this.records.set(refKey(record), record);
    for (const id of consumed) this.commands.delete(id);
    for (const command of commands) this.commands.set(command.id, { command, dueAt: 0, leasedUntil: 0 });
    for (const queue of queues) this.receiveQueues.set(queueKey(queue), queue);
    this.onJobs(jobs);
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

  async save(changes: Changes): Promise<void> {
    this.saved.push(changes);
  }
}

function queueKey({ server, recipientId }: ReceiveQueue): string {
  return `${server} ${Buffer.from(recipientId).toString('hex')}`;
}
