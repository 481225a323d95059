import assert from 'node:assert/strict';
import type { ReceiveQueue, Store } from '@chat-relays/agent';
import type { Noun, SagaRecord } from '@chat-relays/protocol';
import { type Clause, plain, record, save, type Stores } from './contract';

const own = { noun: 'relay_own', id: 'relay-1/news' } as const;

function queueOf(number: number, more: Partial<ReceiveQueue> = {}): ReceiveQueue {
  return {
    ...{ noun: 'relay_own', id: own.id, identity: 'relay-1', protocol: 'full', purpose: 'connection' },
    ...{ attempt: 1, server: 'smp-relays', recipientId: Buffer.alloc(24, number) },
    ...{ seed: Buffer.alloc(32, number), serverDhKey: Buffer.alloc(44, 5) },
    received: { id: 0, hash: Buffer.alloc(0) },
    ...more,
  };
}

function linkOf(number: number, more: Partial<ReceiveQueue> = {}): ReceiveQueue {
  const link = {
    uri: `https://smp-relays/g#${number}`,
    linkId: Buffer.alloc(24, 0x40 + number),
    fixedData: Buffer.alloc(90, 3),
  };
  return queueOf(number, { purpose: 'relay_link', link, ...more });
}

/** A relay's pool, its links in the order of these numbers. */
async function pool(store: Store, numbers: readonly number[], more: Partial<SagaRecord> = {}): Promise<void> {
  for (const number of numbers) {
    const { identity = 'relay-1' } = more;
    const id = `${identity}/pool/${number}`;
    const data = { link: `https://smp-relays/g#${number}` };
    const made = record('pool_link', id, { protocol: 'pooled', status: 'Ready', data, ...more });
    await save(store, {
      records: [made],
      queues: [linkOf(number, { noun: 'pool_link', id, identity, protocol: 'pooled' })],
    });
  }
}

const numbers = (queues: readonly Pick<ReceiveQueue, 'recipientId'>[]): number[] =>
  queues.map(({ recipientId }) => recipientId[0]).sort((a, b) => a - b);

const queues: Clause<Stores>[] = [
  {
    title: 'the queues of a record are its own, of all attempts, each with the attempt that made it',
    async check({ store }) {
      const others = [
        queueOf(4, { id: 'relay-1/other' }),
        queueOf(5, { noun: 'owner_connection' }),
        queueOf(6, { id: 'x' }),
      ];
      await save(store, { queues: [queueOf(1), linkOf(2), queueOf(3, { attempt: 7 }), ...others] });
      const found = await store.queuesOf(own);
      assert.deepEqual(numbers(found), [1, 2, 3]);
      const third = found.find(({ recipientId }) => recipientId[0] === 3);
      assert.deepEqual(plain(third), plain(queueOf(3, { attempt: 7 })));
      assert.deepEqual(await store.queuesOf({ noun: 'group', id: own.id }), []);
    },
  },
  {
    title: 'a queue that is made again keeps its first attempt',
    async check({ store }) {
      await save(store, { queues: [queueOf(1, { attempt: 2 })] });
      await save(store, { queues: [queueOf(1, { attempt: 3 })] });
      assert.deepEqual(
        (await store.queuesOf(own)).map(({ attempt }) => attempt),
        [2],
      );
    },
  },
  {
    title: 'a deleted queue is gone, its link with it, and no other one; deleting it again is nothing',
    async check({ store }) {
      const elsewhere = queueOf(1, { server: 'smp-other' });
      await save(store, { queues: [linkOf(1), queueOf(2), elsewhere] });
      for (const _ of ['once', 'again']) {
        await save(store, { deleted: [linkOf(1), queueOf(9)] });
        assert.equal(await store.linkOf(own), undefined);
        assert.deepEqual(plain(await store.queuesOf(own)), plain([queueOf(2), elsewhere]));
      }
      await save(store, { deleted: [queueOf(2)] });
      assert.deepEqual(plain(await store.queues()), plain([elsewhere]));
    },
  },
  {
    title: 'a message that comes on a queue while it is deleted does not bring it back',
    async check({ store }) {
      await save(store, { queues: [queueOf(1)] });
      await save(store, { deleted: [queueOf(1)] });
      const { server, recipientId } = queueOf(1);
      await save(store, {
        received: [{ server, recipientId, position: { id: 1, hash: Buffer.alloc(32, 1) } }],
      });
      assert.deepEqual(await store.queues(), []);
    },
  },
];

const links: Clause<Stores>[] = [
  {
    title: 'a link of the pool is taken once: by one record, which keeps it for the attempt',
    async check({ store }) {
      await pool(store, [1, 2]);
      await save(store, { records: [record('relay_own', own.id, { protocol: 'pooled' })] });
      const first = await store.takeLink(own, 'relay-1', 1);
      const expected = linkOf(1, { protocol: 'pooled' });
      assert.deepEqual(plain(first), plain({ queue: expected, from: 'relay-1/pool/1' }));
      assert.deepEqual(plain(await store.queuesOf(own)), plain([expected]));
      assert.deepEqual(await store.queuesOf({ noun: 'pool_link', id: 'relay-1/pool/1' }), []);
      const again = await store.takeLink(own, 'relay-1', 1);
      // whoever died before it told the pool tells it now
      assert.deepEqual(plain(again), plain({ queue: expected, from: 'relay-1/pool/1' }));
      const made = linkOf(3, { id: 'relay-1/made', protocol: 'pooled' });
      await save(store, { queues: [made] });
      const kept = await store.takeLink({ noun: 'relay_own', id: 'relay-1/made' }, 'relay-1', 1);
      assert.deepEqual(plain(kept), plain({ queue: made }));
      const other = await store.takeLink({ noun: 'relay_own', id: 'relay-1/other' }, 'relay-1', 1);
      assert.equal(other?.from, 'relay-1/pool/2');
      assert.equal(await store.takeLink({ noun: 'relay_own', id: 'relay-1/third' }, 'relay-1', 1), undefined);
    },
  },
  {
    title: 'a later attempt takes another link, and neither has that of the other',
    async check({ store }) {
      await pool(store, [1, 2]);
      await store.takeLink(own, 'relay-1', 1);
      const second = await store.takeLink(own, 'relay-1', 2);
      assert.deepEqual([second?.from, second?.queue.attempt], ['relay-1/pool/2', 2]);
      assert.deepEqual(numbers([(await store.takeLink(own, 'relay-1', 1))!.queue]), [1]);
    },
  },
  {
    title: "links that are not ready, or another relay's, are not taken",
    async check({ store }) {
      await pool(store, [1], { status: 'New' });
      await pool(store, [2], { status: 'Taken' });
      await pool(store, [3], { identity: 'relay-2' });
      await save(store, { records: [record('pool_link', 'relay-1/pool/4', { status: 'Ready' })] });
      assert.equal(await store.takeLink(own, 'relay-1', 1), undefined);
      assert.equal((await store.takeLink(own, 'relay-2', 1))?.from, 'relay-2/pool/3');
    },
  },
  {
    title: 'many who take links at once get different ones',
    async check({ store }) {
      const count = 12;
      await pool(
        store,
        Array.from({ length: count }, (_, at) => at + 1),
      );
      const take = (number: number) =>
        store.takeLink({ noun: 'relay_own', id: `relay-1/${number}` }, 'relay-1', 1);
      const taken = await Promise.all(Array.from({ length: count }, (_, at) => take(at)));
      const queues = taken.flatMap((one) => one?.queue ?? []);
      assert.equal(new Set(numbers(queues)).size, queues.length);
      // who was kept from one by somebody else may get none at first
      const later = await Promise.all(taken.map(async (one, at) => one ?? (await take(at))));
      assert.equal(new Set(later.map((one) => one && numbers([one.queue])[0])).size, count);
    },
  },
];

const records: Clause<Stores>[] = [
  {
    title: 'records are found by noun and status, of one identity or all',
    async check({ store }) {
      const made = (noun: Noun, id: string, status: string, identity: string) =>
        record(noun, id, { status, identity, protocol: 'paired' });
      await save(store, {
        records: [
          made('relay_own', 'a', 'LinkCreated', 'relay-1'),
          made('relay_own', 'b', 'Confirmed', 'relay-2'),
          made('relay_own', 'c', 'Removed', 'relay-1'),
          made('membership', 'd', 'Confirmed', 'relay-1'),
        ],
      });
      const found = async (statuses: string[], identity?: string) =>
        (await store.recordsIn('relay_own', statuses, identity)).map(
          ({ noun, id, identity: whose, protocol }) => `${noun} ${id} ${whose} ${protocol}`,
        );
      const [a, b] = ['relay_own a relay-1 paired', 'relay_own b relay-2 paired'];
      assert.deepEqual(await found(['LinkCreated', 'Confirmed']), [a, b]);
      assert.deepEqual(await found(['LinkCreated', 'Confirmed'], 'relay-1'), [a]);
      assert.deepEqual(await found([]), []);
    },
  },
];

export const ownQueuesContract: readonly Clause<Stores>[] = [...queues, ...links, ...records];
