import fc from 'fast-check';
import type { Outgoing } from './outbox';
import type { Command } from '../commands/command';
import { bytesKey, EMPTY, sameBytes } from '../encoding';
import type { QueueIds } from '../commands/response';
import { contactLink, describeResponse, id, newQueue, TestServer } from '../../test/test-server';
import type { QueueRecord } from './queue-state';
import type { Changes, MessageRecord, Snapshot } from './server-state';

const QUEUES = 3;
const SESSIONS = ['a', 'b', 'c'];

/** What a random client does: numbers choose queues and sessions. */
type Step =
  | { do: 'new' | 'sub' | 'send' | 'ack' | 'lset' | 'ldel' | 'off' | 'del'; queue: number; session: number }
  | { do: 'commit' | 'discard' | 'reload' | 'drop'; session: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom('send', 'ack', 'sub'),
      queue: fc.nat(QUEUES - 1),
      session: fc.nat(2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('new', 'lset', 'ldel'),
      queue: fc.nat(QUEUES - 1),
      session: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('off', 'del'),
      queue: fc.nat(QUEUES - 1),
      session: fc.nat(2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('commit', 'commit', 'commit', 'discard', 'reload', 'drop'),
      session: fc.nat(2),
    }),
  },
);

/** A store as dumb as a table. */
class Table {
  readonly queues = new Map<string, QueueRecord>();
  readonly messages = new Map<number, MessageRecord>();

  commit(changes: Changes): void {
    for (const row of changes.putQueues) this.queues.set(bytesKey(row.recipientId), row);
    for (const recipientId of changes.deletedQueues) this.queues.delete(bytesKey(recipientId));
    for (const row of changes.addedMessages) this.messages.set(row.seq, row);
    for (const seq of changes.removedMessages) this.messages.delete(seq);
  }

  snapshot(): Snapshot {
    const messages = [...this.messages.values()].sort((a, b) => a.seq - b.seq);
    return { queues: [...this.queues.values()], messages };
  }
}

/** Queues in the order of their ids: a reload may turn their order. */
function sorted({ queues, messages }: Snapshot): Snapshot {
  return {
    queues: [...queues].sort((a, b) => Buffer.compare(a.recipientId, b.recipientId)),
    messages,
  };
}

class World {
  readonly server = new TestServer(3);
  readonly table = new Table();
  ids: (QueueIds | undefined)[] = [];
  /** generation of each queue: after DEL the slot gets a new one */
  private generation = [0, 0, 0];
  /** both as they were when the batch began */
  private before = { ids: this.ids, generation: this.generation };
  /** every SEND in the order of arrival, by its corrId */
  readonly sends = new Map<string, { queue: string; text: string }>();
  /** the corrIds of those that were answered OK */
  readonly accepted = new Set<string>();
  /** texts first delivered, by queue, in order */
  readonly delivered = new Map<string, string[]>();
  readonly unacknowledged = new Map<string, Uint8Array>();
  readonly seen = new Map<string, string>();
  private batch = this.server.core.begin();
  private count = 0;

  apply(session: string, entityId: Uint8Array, command: Command, corrId: Uint8Array): void {
    this.batch.apply(
      this.server.session(session),
      this.server.transmission(session, entityId, command, corrId),
    );
  }

  private begin(): void {
    this.before = { ids: [...this.ids], generation: [...this.generation] };
    this.batch = this.server.core.begin();
  }

  commit(): void {
    this.table.commit(this.batch.changes);
    this.read(this.batch.commit());
    expect(sorted(this.server.core.snapshot())).toEqual(sorted(this.table.snapshot()));
    this.begin();
  }

  discard(): void {
    const before = sorted(this.table.snapshot());
    this.ids = this.before.ids;
    this.generation = this.before.generation;
    for (const items of this.batch.discard().values()) {
      for (const { response } of items) expect(response.kind).toBe('ERR');
    }
    expect(sorted(this.server.core.snapshot())).toEqual(before);
    this.begin();
  }

  reload(): void {
    this.discard();
    this.batch.commit();
    this.server.core.load(this.table.snapshot());
    this.unacknowledged.clear();
    this.begin();
  }

  private read(outgoing: Map<string, Outgoing[]>): void {
    for (const [session, items] of outgoing) {
      for (const item of items) this.readOne(session, item);
    }
  }

  private readOne(session: string, { corrId, entityId, response, answers }: Outgoing): void {
    const queue = bytesKey(entityId);
    if (answers === 'SEND' && response.kind === 'OK') this.accepted.add(bytesKey(corrId));
    if (response.kind === 'IDS') {
      const slot = this.generation.findIndex((generation, at) =>
        sameBytes(corrId, id(`slot ${at} ${generation}`)),
      );
      if (slot >= 0) this.ids[slot] = response;
      this.server.keys.set(bytesKey(response.recipientId), newQueue(this.key(slot)).recipientKey);
    }
    if (response.kind !== 'MSG') return;
    this.unacknowledged.set(`${session} ${queue}`, response.msgId);
    const text = describeResponse(response).slice('MSG '.length);
    if (text === 'QUOTA') return;
    const msgId = bytesKey(response.msgId);
    if (this.seen.has(msgId)) {
      expect(text).toBe(this.seen.get(msgId));
      return;
    }
    this.seen.set(msgId, text);
    this.delivered.set(queue, [...(this.delivered.get(queue) ?? []), text]);
  }

  private key(slot: number): number {
    return 1 + slot + QUEUES * this.generation[slot];
  }

  take(step: Step): void {
    const session = SESSIONS[step.session];
    if (!('queue' in step)) {
      if (step.do === 'drop') this.server.core.dropSession(session);
      if (step.do === 'drop' || step.do === 'commit') this.commit();
      if (step.do === 'discard') this.discard();
      if (step.do === 'reload') this.reload();
      return;
    }
    const slot = step.queue;
    const newCorrId = id(`slot ${slot} ${this.generation[slot]}`);
    const name = `${slot} ${this.generation[slot]}`;
    const link = contactLink(name, newCorrId);
    if (step.do === 'new') return this.apply(session, EMPTY, newQueue(this.key(slot), link), newCorrId);
    const ids = this.ids[slot];
    if (!ids) return;
    const queue = bytesKey(ids.recipientId);
    const corrId = id(`${++this.count}`);
    const recipient = (command: Command) => this.apply(session, ids.recipientId, command, corrId);
    switch (step.do) {
      case 'send': {
        const text = `text ${this.count}`;
        this.sends.set(bytesKey(corrId), { queue, text });
        return this.apply(
          session,
          ids.senderId,
          { kind: 'SEND', notify: false, body: Buffer.from(text) },
          corrId,
        );
      }
      case 'ack':
        return recipient({ kind: 'ACK', msgId: this.unacknowledged.get(`${session} ${queue}`) ?? id('?') });
      case 'lset':
        return recipient({ kind: 'LSET', linkId: id(`link ${name}`), ...link.link!, userData: corrId });
      case 'sub':
        return recipient({ kind: 'SUB' });
      case 'ldel':
        return recipient({ kind: 'LDEL' });
      case 'off':
        return recipient({ kind: 'OFF' });
      case 'del':
        this.ids[slot] = undefined;
        this.generation[slot]++;
        return recipient({ kind: 'DEL' });
    }
  }

  /** Reads every queue to its end. */
  drain(): void {
    this.commit();
    for (const ids of this.ids) {
      if (!ids) continue;
      const queue = bytesKey(ids.recipientId);
      this.apply('z', ids.recipientId, { kind: 'SUB' }, id('drain'));
      this.commit();
      for (let left = this.server.core.snapshot().messages.length; left > 0; left--) {
        const msgId = this.unacknowledged.get(`z ${queue}`);
        if (msgId) this.apply('z', ids.recipientId, { kind: 'ACK', msgId }, id('drain'));
        this.commit();
      }
    }
  }
}

test('FIFO, nothing lost, and the stored rows are the state', () => {
  let deliveries = 0;
  let quotas = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
      const world = new World();
      for (const queue of [0, 1, 2]) world.take({ do: 'new', queue, session: queue });
      world.commit();
      steps.forEach((one) => world.take(one));
      quotas += world.server.core.snapshot().messages.filter((message) => message.quota).length;
      world.drain();
      for (const ids of world.ids) {
        if (!ids) continue;
        const queue = bytesKey(ids.recipientId);
        const accepted = [...world.sends].filter(
          ([corrId, send]) => send.queue === queue && world.accepted.has(corrId),
        );
        expect(world.delivered.get(queue) ?? []).toEqual(accepted.map(([, { text }]) => text));
        deliveries += world.delivered.get(queue)?.length ?? 0;
      }
      expect(world.server.core.snapshot().messages).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(deliveries).toBeGreaterThan(500);
  expect(quotas).toBeGreaterThan(10);
});
