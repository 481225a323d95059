import assert from 'node:assert/strict';
import { type ReceiveQueue, type Store, TemporaryError } from '@chat-relays/agent';
import type { SagaRecord } from '@chat-relays/protocol';
import { type Clause, command, plain, record, save, type Stores } from './contract';
import { clocksContract } from './clocks.contract';
import { ownQueuesContract } from './own-queues.contract';
import { postsContract } from './posts.contract';

const now = 1_000_000;

async function lease(store: Store, { lanes = 100, perLane = 100, at = now, until = now + 4_000 } = {}) {
  return (await store.lease({ lanes, perLane, now: at, until })).map(({ id }) => id);
}

async function load(store: Store, ...refs: Pick<SagaRecord, 'noun' | 'id'>[]): Promise<SagaRecord[]> {
  return store.commit((unit) => unit.load(refs));
}

const outstanding = (store: Store, ids: string[]): Promise<string[]> =>
  store.commit((unit) => unit.outstanding(ids));

const queue: ReceiveQueue = {
  noun: 'relay_own',
  id: 'relay-1/link',
  server: 'smp-relays',
  recipientId: Buffer.alloc(24, 1),
  identity: 'relay-1',
  protocol: 'full',
  purpose: 'relay_link',
  attempt: 1,
  seed: Buffer.alloc(32, 4),
  serverDhKey: Buffer.alloc(44, 5),
  received: { id: 0, hash: Buffer.alloc(0) },
  link: { uri: 'https://smp-relays/g#x', linkId: Buffer.alloc(24, 2), fixedData: Buffer.alloc(90, 3) },
};

const records: Clause<Stores>[] = [
  {
    title: 'a record is loaded as it was saved, and saved again',
    async check({ store }) {
      const full = record('relay_own', 'relay-1/link', {
        status: 'LinkCreated',
        attempt: 3,
        data: { relayLink: 'link', nested: { list: [1, 'ü'] } },
        peer: { server: 'smp-owner', senderId: 'abc' },
        trace: '00-1-2-01',
      });
      const bare = record('group', 'news');
      await save(store, { records: [full, bare] });
      const loaded = await load(
        store,
        bare,
        full,
        record('group', 'nowhere'),
        record('group', 'relay-1/link'),
      );
      assert.deepEqual(plain(loaded.sort((a, b) => (a.id < b.id ? -1 : 1))), plain([bare, full]));
      const next: SagaRecord = { ...full, status: 'Accepted', data: {}, attempt: 4 };
      await save(store, { records: [next] });
      assert.deepEqual(plain(await load(store, full)), plain([next]));
    },
  },
  {
    title: 'a commit that fails leaves nothing behind',
    async check({ store }) {
      const work = store.commit(async (unit) => {
        await unit.save({
          records: [record('group', 'news')],
          commands: [command('news', 1)],
          queues: [queue],
        });
        throw new Error('no');
      });
      await assert.rejects(work, /no/);
      assert.deepEqual(await load(store, record('group', 'news')), []);
      assert.deepEqual(await lease(store), []);
      assert.deepEqual(await store.queues(), []);
    },
  },
  {
    title: 'commits of one record come one after the other',
    async check({ store }) {
      const counter = record('group', 'news', { data: { count: 0 } });
      await save(store, { records: [counter] });
      const count = () =>
        store.commit(async (unit) => {
          const [{ data, ...rest }] = await unit.load([counter]);
          const next = { ...rest, data: { count: (data['count'] as number) + 1 } };
          await unit.save({ records: [next] });
        });
      await Promise.all(Array.from({ length: 12 }, count));
      assert.deepEqual((await load(store, counter))[0].data, { count: 12 });
    },
  },
  {
    title: 'a record that two create at once is created by one of them',
    async check({ store }) {
      const create = async (identity: string): Promise<void> => {
        try {
          await store.commit(async (unit) => {
            const [known] = await unit.load([record('group', 'news')]);
            if (known) return;
            const commands = [command('news', 1, { identity })];
            const made = record('group', 'news', { identity });
            await unit.save({ records: [made], commands });
          });
        } catch (error) {
          if (!(error instanceof TemporaryError)) throw error;
          await create(identity);
        }
      };
      await Promise.all([create('one'), create('two'), create('three')]);
      const [made] = await load(store, record('group', 'news'));
      const [asked] = await store.lease({ lanes: 9, perLane: 9, now, until: now + 1 });
      assert.equal(asked.identity, made.identity);
    },
  },
  {
    title: 'the relays of a group are in the order in which they were chosen',
    async check({ store }) {
      const relay = (name: string, groupId = 'news') =>
        record('group_relay', `${groupId}/${name}`, { data: { groupId, name } });
      await save(store, { records: [relay('z'), relay('a')] });
      await save(store, { records: [relay('m'), relay('x', 'other')] });
      await save(store, { records: [{ ...relay('z'), status: 'Invited' }] });
      const relays = await store.commit((unit) => unit.relaysOf('news'));
      assert.deepEqual(
        relays.map(({ data }) => data['name']),
        ['z', 'a', 'm'],
      );
    },
  },
];

const commands: Clause<Stores>[] = [
  {
    title: 'a command is leased as it was asked',
    async check({ store }) {
      const asked = command('news/relay-1', 1, {
        kind: 'JOIN',
        send: 'x.grp.relay.inv',
        aim: { link: 'https://smp-relays/r#x' },
        peer: { server: 'smp-relays', senderId: 'abc' },
        body: Buffer.from('{"event":"x.grp.relay.inv"}'),
        trace: '00-1-2-01',
        cause: '00-1-3-01',
      });
      await save(store, { commands: [asked] });
      const leased = await store.lease({ lanes: 1, perLane: 1, now, until: now + 1 });
      assert.deepEqual(plain(leased), plain([asked]));
    },
  },
  {
    title: 'a command is outstanding until its reply is consumed, in one commit with what the reply changed',
    async check({ store }) {
      await save(store, { commands: [command('a', 1), command('b', 1)] });
      assert.deepEqual(await outstanding(store, ['a/1', 'b/1', 'c/1']), ['a/1', 'b/1']);
      await save(store, { records: [record('group', 'a')], consumed: ['a/1'] });
      assert.deepEqual(await outstanding(store, ['a/1', 'b/1']), ['b/1']);
      assert.deepEqual(await lease(store), ['b/1']);
    },
  },
  {
    title:
      'a command that is outstanding is not asked for twice; one that has its reply may be asked for again',
    async check({ store }) {
      await save(store, { commands: [command('a', 1), command('a', 2)] });
      await save(store, { commands: [command('a', 1, { seed: Buffer.alloc(32, 9) }), command('a', 3)] });
      const leased = await store.lease({ lanes: 9, perLane: 9, now, until: now + 1 });
      assert.deepEqual(plain(leased), plain([command('a', 1), command('a', 2), command('a', 3)]));
      await save(store, { consumed: ['a/1'], commands: [command('a', 1, { step: '10' })] });
      assert.deepEqual(await lease(store, { at: now + 1 }), ['a/2', 'a/3', 'a/1']);
    },
  },
  {
    title: 'lanes are leased whole and in order, as many as asked for',
    async check({ store }) {
      await save(store, { commands: [command('a', 1), command('b', 1), command('a', 2)] });
      await save(store, { commands: [command('c', 1), command('a', 3)] });
      const taken = await lease(store, { lanes: 2, perLane: 2 });
      assert.deepEqual(taken, ['a/1', 'b/1', 'a/2']);
      assert.deepEqual(await lease(store, { lanes: 2, perLane: 2 }), ['c/1']);
      await save(store, { consumed: ['a/1', 'a/2'] });
      assert.deepEqual(await lease(store), ['a/3']);
    },
  },
  {
    title: 'what joins a lane waits for the lease of the commands before it',
    async check({ store }) {
      await save(store, { commands: [command('a', 1)] });
      assert.deepEqual(await lease(store), ['a/1']);
      await save(store, { commands: [command('a', 2)] });
      assert.deepEqual(await lease(store), []);
      await save(store, { consumed: ['a/1'] });
      assert.deepEqual(await lease(store), ['a/2']);
    },
  },
  {
    title: 'a lease ends when its time is over, and lasts when it is renewed',
    async check({ store }) {
      await save(store, { commands: [command('a', 1), command('b', 1)] });
      assert.deepEqual(await lease(store), ['a/1', 'b/1']);
      assert.deepEqual(await lease(store, { at: now + 3_999 }), []);
      await store.renew(['b/1', 'gone/1'], now + 9_000);
      assert.deepEqual(await lease(store, { at: now + 4_000, until: now + 5_000 }), ['a/1']);
    },
  },
  {
    title: 'two who lease at once never share a lane, and take everything together',
    async check({ store }) {
      const lanes = Array.from({ length: 24 }, (_, n) => `lane-${String(n).padStart(2, '0')}`);
      await save(store, { commands: [1, 2, 3].flatMap((n) => lanes.map((lane) => command(lane, n))) });
      const leasers = Array.from({ length: 6 }, async () => {
        const taken: string[] = [];
        for (
          let more = await lease(store, { lanes: 2 });
          more.length > 0;
          more = await lease(store, { lanes: 2 })
        )
          taken.push(...more);
        return taken;
      });
      const taken = (await Promise.all(leasers)).flat();
      assert.deepEqual(
        [...taken].sort(),
        lanes.flatMap((lane) => [1, 2, 3].map((n) => `${lane}/${n}`)),
      );
    },
  },
  {
    title: 'a lane whose first command is postponed waits, and a try is counted',
    async check({ store }) {
      await save(store, { commands: [command('a', 1), command('a', 2), command('b', 1)] });
      await lease(store);
      await store.postpone(['a/1', 'a/2'], now + 500, true);
      await store.postpone(['b/1'], now + 500, false);
      assert.deepEqual(await lease(store, { at: now + 499 }), []);
      const again = await store.lease({ lanes: 9, perLane: 9, now: now + 500, until: now + 900 });
      assert.deepEqual(
        again.map(({ id, tries }) => [id, tries]),
        [
          ['a/1', 1],
          ['a/2', 1],
          ['b/1', 0],
        ],
      );
    },
  },
];

const queues: Clause<Stores>[] = [
  {
    title: 'a receive queue is known once, by its owner and by its link',
    async check({ store }) {
      const { link: _, ...rest } = queue;
      const other: ReceiveQueue = {
        ...rest,
        recipientId: Buffer.alloc(24, 9),
        identity: 'relay-2',
        purpose: 'connection',
      };
      await save(store, { queues: [queue, other] });
      await save(store, { queues: [queue] });
      assert.equal((await store.queues()).length, 2);
      assert.deepEqual(plain(await store.queues('relay-1')), plain([queue]));
      assert.deepEqual(plain(await store.queues('relay-2')), plain([other]));
      assert.deepEqual(plain(await store.linkOf(queue)), plain(queue));
      assert.equal(await store.linkOf({ noun: 'group', id: queue.id }), undefined);
    },
  },
];

const sendQueues: Clause<Stores>[] = [
  {
    title:
      "a peer's queue keeps its first seed, comes with the commands that go there, and knows how far it came",
    async check({ store }) {
      const peer = { server: 'smp-relays', senderId: 'abc' };
      const known = { ...peer, dhKey: Buffer.alloc(44, 1), seed: Buffer.alloc(32, 2), sent: queue.received };
      await save(store, { sendQueues: [known], commands: [command('a', 1, { peer }), command('b', 1)] });
      await save(store, { sendQueues: [{ ...known, seed: Buffer.alloc(32, 3) }] });
      const to = async (at: number) =>
        (await store.lease({ lanes: 9, perLane: 9, now: at, until: at + 1 })).map((one) => one.to ?? null);
      assert.deepEqual(plain(await to(now)), plain([known, null]));
      const position = { id: 5, hash: Buffer.alloc(32, 5) };
      await save(store, { sent: [{ ...peer, position }] });
      assert.deepEqual(plain(await to(now + 9)), plain([{ ...known, sent: position }, null]));
    },
  },
];

export const storeContract: readonly Clause<Stores>[] = [
  ...records,
  ...commands,
  ...queues,
  ...ownQueuesContract,
  ...clocksContract,
  ...sendQueues,
  ...postsContract,
];
