/** An SMP server without input and output: queues, links and subscriptions in memory, changed in batches. */
import { Batch } from './batch';
import { bytesKey } from '../encoding';
import { MessageSealer } from '../messages/received-message';
import type { QueueState, StoredMessage } from './queue-state';
import type { ServerEnv, ServerMaps, Snapshot } from './server-state';
import { withoutSession } from './sessions';

/**
 * One batch at a time: `begin`, `apply` each transmission, store `changes`, then `commit` or `discard`.
 * Nothing of a batch is visible before its commit.
 */
export class ServerCore {
  private readonly maps: ServerMaps = {
    queues: new Map(),
    bySender: new Map(),
    byLink: new Map(),
    byNewHash: new Map(),
    sessions: new Map(),
    lastSeq: 0,
  };
  private open: Batch | undefined;
  private readonly droppedSessions: string[] = [];

  constructor(private readonly env: ServerEnv) {}

  /** Replaces everything by what is stored. Nobody is subscribed afterwards. */
  load(snapshot: Snapshot): void {
    if (this.open) throw new Error('a batch is open');
    const { queues, bySender, byLink, byNewHash, sessions } = this.maps;
    for (const map of [queues, bySender, byLink, byNewHash, sessions]) map.clear();
    for (const row of snapshot.queues) {
      const id = bytesKey(row.recipientId);
      const sealer = new MessageSealer(
        this.env.crypto,
        row.serverDhSeed,
        row.recipientDhKey,
        this.env.padded,
      );
      queues.set(id, { row, messages: [], subscriber: undefined, getters: undefined, sealer });
      bySender.set(bytesKey(row.senderId), id);
      byNewHash.set(bytesKey(row.newHash), id);
      if (row.link) byLink.set(bytesKey(row.link.linkId), id);
    }
    const waiting = new Map<string, StoredMessage[]>();
    for (const { recipientId, ...message } of snapshot.messages) {
      const id = bytesKey(recipientId);
      if (!waiting.get(id)?.push(message)) waiting.set(id, [message]);
    }
    for (const [id, messages] of waiting) {
      const queue = queues.get(id);
      if (queue) queues.set(id, { ...queue, messages });
    }
    this.maps.lastSeq = snapshot.messages.at(-1)?.seq ?? 0;
  }

  /** @throws {Error} while another batch is open */
  begin(): Batch {
    if (this.open) throw new Error('a batch is open');
    this.open = new Batch(this.maps, this.env, () => {
      this.open = undefined;
      for (const session of this.droppedSessions.splice(0)) this.dropSession(session);
    });
    return this.open;
  }

  /** Forgets the session, by its name; messages stay. While a batch is open this waits for its end. */
  dropSession(session: string): void {
    if (this.open) {
      this.droppedSessions.push(session);
      return;
    }
    for (const id of this.maps.sessions.get(session) ?? []) {
      this.maps.queues.set(id, withoutSession(this.maps.queues.get(id)!, session));
    }
    this.maps.sessions.delete(session);
  }

  dropAllSessions(): void {
    for (const session of [...this.maps.sessions.keys()]) this.dropSession(session);
  }

  /** Gauges: what is in memory, committed. */
  get sizes(): { queues: number; subscriptions: number; sessions: number } {
    const { queues, sessions } = this.maps;
    let subscriptions = 0;
    for (const subscribed of sessions.values()) subscriptions += subscribed.size;
    return { queues: queues.size, subscriptions, sessions: sessions.size };
  }

  /** Every queue, as it is committed; for figures, and for nothing that a command waits for. */
  queues(): Iterable<QueueState> {
    return this.maps.queues.values();
  }

  /** The queue with this sender or link id, as it is committed. */
  queueOf(entityId: Uint8Array): QueueState | undefined {
    const entityKey = bytesKey(entityId);
    const key = this.maps.bySender.get(entityKey) ?? this.maps.byLink.get(entityKey);
    return key === undefined ? undefined : this.maps.queues.get(key);
  }

  /** What is committed, as `load` takes it. */
  snapshot(): Snapshot {
    const queues = [...this.maps.queues.values()];
    const messages = queues.flatMap(({ row: { recipientId }, messages }) =>
      messages.map((message) => ({ ...message, recipientId })),
    );
    return { queues: queues.map(({ row }) => row), messages: messages.sort((a, b) => a.seq - b.seq) };
  }
}
