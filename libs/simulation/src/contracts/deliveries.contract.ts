import assert from 'node:assert/strict';
import type { Clause, Stores } from './contract';
import { attemptOf, behind, bobIsBehind, group, job, member, names, save, sentTo, texts } from './forwarding';

export const deliveriesContract: readonly Clause<Stores>[] = [
  {
    title: 'a message is one job, in the order of arrival, whoever else has one like it',
    async check({ store, deliveries }) {
      await save(store, { jobs: [job('1'), job('2')] });
      await save(store, { jobs: [job('2'), job('3'), job('1', { relayOwnId: 'relay-1/other' })] });
      const jobs = await deliveries.next(group, 10);
      assert.deepEqual(texts(jobs), ['1', '2', '3']);
      assert.deepEqual(
        jobs.map(({ cursor, relayOwnId }) => [cursor, relayOwnId]),
        [1, 2, 3].map(() => [0, group]),
      );
      assert.deepEqual(texts(await deliveries.next(group, 2)), ['1', '2']);
      assert.deepEqual([...(await deliveries.pending('relay-1', 0))].sort(), [group, 'relay-1/other']);
      assert.deepEqual(await deliveries.pending('relay-2', 0), []);
    },
  },
  {
    title: 'jobs that stand at the same cursor go together, others wait',
    async check({ store, deliveries }) {
      await save(store, { records: [member('bob'), member('carol')], jobs: [job('1'), job('2'), job('3')] });
      const first = await deliveries.next(group, 2);
      const [bob] = await deliveries.recipients(group, 0, 1);
      await deliveries.advance(first, bob.seq, [], []);
      const next = await deliveries.next(group, 10);
      assert.deepEqual(texts(next), ['1', '2']);
      assert.deepEqual(
        next.map(({ cursor }) => cursor),
        [bob.seq, bob.seq],
      );
      await deliveries.advance(next, 'complete', [], []);
      assert.deepEqual(texts(await deliveries.next(group, 10)), ['3']);
      assert.deepEqual(texts(await deliveries.completed(group, first[0].id, 10)), ['1', '2']);
      assert.deepEqual(texts(await deliveries.completed(group, first[1].id, 10)), ['2']);
      assert.deepEqual(texts(await deliveries.completed(group, first[0].id, 1)), ['1']);
      assert.deepEqual(texts(await deliveries.newest(group, 10)), ['1', '2']);
      assert.deepEqual(texts(await deliveries.newest(group, 1)), ['2']);
      assert.deepEqual(await deliveries.newest('relay-1/other', 10), []);
    },
  },
  {
    title: 'recipients are the members that receive, page by page, each with its queue',
    async check({ store, deliveries }) {
      const members = [
        member('new', { status: 'New' }),
        member('bob'),
        member('gone', { status: 'Gone' }),
        member('carol', { status: 'Connected' }),
        member('dave', { relayOwnId: 'relay-1/other' }),
        member('eve'),
      ];
      for (const one of members) await save(store, { records: [one] });
      const page = await deliveries.recipients(group, 0, 2);
      assert.deepEqual(names(page), ['bob', 'carol']);
      const [{ peer }] = page;
      assert.deepEqual([peer.server, peer.senderId], ['smp-members', 'bob']);
      assert.ok(page[0].seq < page[1].seq);
      assert.deepEqual(names(await deliveries.recipients(group, page[1].seq, 2)), ['eve']);
      await save(store, { records: [member('bob', { status: 'Connected', attempt: 2 })] });
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['bob', 'carol', 'eve']);
    },
  },
  {
    title: 'who fell behind is no recipient, and is due when its time has come',
    async check(stores) {
      const { deliveries } = stores;
      const [first] = await bobIsBehind(stores);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['carol']);
      assert.deepEqual(await deliveries.due(group, 499, 9), []);
      assert.deepEqual(await deliveries.pending('relay-1', 499), []);
      const [bob] = await deliveries.due(group, 500, 9);
      assert.deepEqual(
        { jobId: bob.jobId, tries: bob.tries, retryAt: bob.retryAt, senderId: bob.peer.senderId },
        { jobId: first, tries: 1, retryAt: 500, senderId: 'bob' },
      );
      assert.deepEqual(await deliveries.pending('relay-1', 500), [group]);
      await deliveries.stillBehind([behind('bob', first, 900, 2)]);
      assert.deepEqual(await deliveries.due(group, 899, 9), []);
      assert.equal((await deliveries.due(group, 900, 9))[0].tries, 2);
    },
  },
  {
    title: 'who catches up goes on where it was, and is behind no more at the newest complete job',
    async check(stores) {
      const { deliveries } = stores;
      const [, second, third] = await bobIsBehind(stores);
      await deliveries.caughtUp(attemptOf('bob'), second, []);
      const [bob] = await deliveries.due(group, 0, 9);
      assert.equal(bob.jobId, third);
      await deliveries.caughtUp(attemptOf('bob'), third, []);
      assert.deepEqual(await deliveries.due(group, 10_000, 9), []);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['bob', 'carol']);
    },
  },
  {
    title: 'who is behind until a clock comes that was ahead is due',
    async check(stores) {
      const { deliveries } = stores;
      await bobIsBehind(stores);
      assert.deepEqual(await deliveries.due(group, 0, 9, 500), []);
      assert.deepEqual(await deliveries.pending('relay-1', 0, 500), []);
      assert.deepEqual(names(await deliveries.due(group, 0, 9, 499)), ['bob']);
      assert.deepEqual(await deliveries.pending('relay-1', 0, 499), [group]);
    },
  },
  {
    title: 'who is behind and gone is asked no more, and keeps nobody busy',
    async check(stores) {
      const { store, deliveries } = stores;
      await bobIsBehind(stores);
      await save(store, { records: [member('bob', { status: 'Gone' })] });
      assert.deepEqual(await deliveries.due(group, 10_000, 9), []);
      assert.deepEqual(await deliveries.pending('relay-1', 10_000), []);
    },
  },
  {
    title: 'two members that are due come in the order in which they joined',
    async check({ store, deliveries }) {
      await save(store, { records: [member('zoe')] });
      await save(store, { records: [member('adam')], jobs: [job('1')] });
      const jobs = await deliveries.next(group, 1);
      await deliveries.advance(
        jobs,
        'complete',
        [behind('adam', jobs[0].id, 5), behind('zoe', jobs[0].id, 9)],
        [],
      );
      assert.deepEqual(names(await deliveries.due(group, 9, 9)), ['zoe', 'adam']);
      assert.deepEqual(names(await deliveries.due(group, 9, 1)), ['zoe']);
    },
  },
  {
    title: 'a job that was withdrawn goes to nobody: not to who is behind at it, nor to who comes later',
    async check(stores) {
      const { store, deliveries } = stores;
      const [first, , third] = await bobIsBehind(stores);
      await save(store, { jobs: [job('4')] });
      const [fourth] = await deliveries.next(group, 9);
      const other = job('1', { relayOwnId: 'relay-1/other' });
      await save(store, { withdrawn: [job('1'), job('4'), job('never heard of')], jobs: [other] });
      assert.deepEqual(texts(await deliveries.next(group, 9)), []);
      assert.deepEqual(texts(await deliveries.next('relay-1/other', 9)), ['1']);
      // a page of it was on its way
      await deliveries.advance([fourth], 'complete', [], []);
      assert.deepEqual(texts(await deliveries.completed(group, first, 9)), ['2', '3']);
      await deliveries.caughtUp(attemptOf('bob'), third, []);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['bob', 'carol']);
      await save(store, { records: [member('dave', { status: 'New' })] });
      await save(store, { records: [member('dave')] });
      const [dave] = await deliveries.due(group, 1_000, 9);
      assert.deepEqual(texts(await deliveries.completed(group, dave.jobId, 9)), ['2', '3']);
    },
  },
  {
    title: 'how far sending to a member has come is kept with the jobs, and with catching up',
    async check({ store, deliveries }) {
      await save(store, { records: [member('bob'), member('carol')], jobs: [job('1'), job('2')] });
      const jobs = await deliveries.next(group, 1);
      const positions = async () =>
        (await deliveries.recipients(group, 0, 9)).map(({ peer: { sent } }) => [sent.id, sent.hash.length]);
      assert.deepEqual(await positions(), [
        [0, 0],
        [0, 0],
      ]);
      await deliveries.advance(jobs, 'complete', [behind('carol', jobs[0].id, 5)], [sentTo('bob', 1)]);
      assert.deepEqual(await positions(), [[1, 32]]);
      const [carol] = await deliveries.due(group, 5, 9);
      assert.equal(carol.peer.sent.id, 0);
      assert.equal(Buffer.from(carol.peer.seed).toString('hex'), '02'.repeat(32));
      await deliveries.caughtUp(carol, jobs[0].id, [sentTo('carol', 7)]);
      assert.deepEqual(await positions(), [
        [1, 32],
        [7, 32],
      ]);
    },
  },
];
