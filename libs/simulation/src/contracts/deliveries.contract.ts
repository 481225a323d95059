import assert from 'node:assert/strict';
import {
  type Behind,
  type Changes,
  type DeliveryJob,
  HISTORY,
  type MemberAttempt,
  type NewDeliveryJob,
  type SendQueue,
  type Sent,
  type Store,
} from '@chat-relays/agent';
import { type Clause, record, save as saveChanges, type Stores } from './contract';

const group = 'relay-1/news';

function job(messageId: string, more: Partial<NewDeliveryJob> = {}): NewDeliveryJob {
  const element = Buffer.from(`>${messageId}`);
  return { relayOwnId: group, identity: 'relay-1', author: 'channel', messageId, element, ...more };
}

function member(name: string, more: { status?: string; relayOwnId?: string; attempt?: number } = {}) {
  const { relayOwnId = group, status = 'Accepted', attempt = 1 } = more;
  const peer = { server: 'smp-members', senderId: name };
  return record('group_member', `${relayOwnId}/${name}`, { status, attempt, peer, data: { relayOwnId } });
}

/** Members come with the queues that they told the relay of. */
function save(store: Store, changes: Partial<Changes>): Promise<void> {
  const sendQueues = (changes.records ?? []).flatMap(({ peer }): SendQueue[] =>
    peer
      ? [
          {
            ...peer,
            dhKey: Buffer.alloc(44, 1),
            seed: Buffer.alloc(32, 2),
            sent: { id: 0, hash: Buffer.alloc(0) },
          },
        ]
      : [],
  );
  return saveChanges(store, { ...changes, sendQueues });
}

const sentTo = (name: string, id: number): Sent => ({
  server: 'smp-members',
  senderId: name,
  position: { id, hash: Buffer.alloc(32, id) },
});

const texts = (jobs: readonly DeliveryJob[]): string[] =>
  jobs.map(({ element }) => Buffer.from(element).toString().slice(1));
const names = (recipients: readonly { memberId: string }[]): string[] =>
  recipients.map(({ memberId }) => memberId.slice(group.length + 1));

const attemptOf = (name: string, attempt = 1): MemberAttempt => ({ memberId: `${group}/${name}`, attempt });
const behind = (name: string, jobId: number, retryAt: number, tries = 1): Behind => ({
  ...attemptOf(name),
  jobId,
  retryAt,
  tries,
});

/** Three jobs, all complete, and bob, who fell behind at the first. */
async function bobIsBehind({ store, deliveries }: Stores): Promise<number[]> {
  await save(store, { records: [member('bob'), member('carol')], jobs: [job('1'), job('2'), job('3')] });
  const jobs = await deliveries.next(group, 10);
  await deliveries.advance(jobs, 'complete', [behind('bob', jobs[0].id, 500)], []);
  return jobs.map(({ id }) => id);
}

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
    title: 'who comes gets the newest complete jobs, and again when it comes again',
    async check({ store, deliveries }) {
      const count = HISTORY + 20;
      const jobs = Array.from({ length: count }, (_, at) => job(`${at}`));
      await save(store, {
        records: [member('bob')],
        jobs: [...jobs, job('x', { relayOwnId: 'relay-1/other' })],
      });
      const queued = await deliveries.next(group, count);
      await deliveries.advance(queued, 'complete', [], []);
      await save(store, { jobs: [job('pending')] });
      const comes = async () => {
        await save(store, { records: [member('carol', { status: 'New' })] });
        assert.deepEqual(await deliveries.due(group, 1_000, 9), []);
        await save(store, { records: [member('carol')] });
        const [carol] = await deliveries.due(group, 1_000, 9);
        assert.deepEqual([carol.tries, carol.jobId], [0, queued[count - HISTORY].id]);
        assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['bob']);
      };
      await comes();
      await deliveries.caughtUp(attemptOf('carol'), queued[count - 1].id, []);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['bob', 'carol']);
      await comes();
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
    title: 'who comes before anything was said gets what was said until it is in',
    async check({ store, deliveries }) {
      await save(store, { records: [member('carol', { status: 'New' })], jobs: [job('1')] });
      await deliveries.advance(await deliveries.next(group, 9), 'complete', [], []);
      await save(store, { records: [member('carol')] });
      assert.deepEqual(await deliveries.recipients(group, 0, 9), []);
      const [carol] = await deliveries.due(group, 0, 9);
      const jobs = await deliveries.completed(group, carol.jobId, 9);
      assert.deepEqual(texts(jobs), ['1']);
      await deliveries.caughtUp(carol, jobs[0].id, []);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['carol']);
    },
  },
  {
    title: 'who comes where nothing is said is behind until it was looked for',
    async check({ store, deliveries }) {
      await save(store, { records: [member('carol', { status: 'New' })] });
      await save(store, { records: [member('carol')] });
      const [carol] = await deliveries.due(group, 0, 9);
      assert.deepEqual(await deliveries.completed(group, carol.jobId, 9), []);
      await deliveries.caughtUp(carol, carol.jobId, []);
      assert.deepEqual(await deliveries.due(group, 1_000, 9), []);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['carol']);
    },
  },
  {
    title: 'what is told of a member that joined again meanwhile is dropped',
    async check(stores) {
      const { store, deliveries } = stores;
      const [first, second, third] = await bobIsBehind(stores);
      const again = { ...member('bob', { attempt: 2 }), peer: { server: 'smp-members', senderId: 'bob2' } };
      await save(store, { records: [{ ...again, status: 'New' }] });
      await save(store, { records: [again] });
      const isAt = async (jobId: number) => {
        const due = await deliveries.due(group, 1_000, 9);
        assert.deepEqual(
          due.map(({ attempt, peer, jobId: at, tries }) => [attempt, peer.senderId, at, tries]),
          [[2, 'bob2', jobId, 0]],
        );
      };
      await isAt(first);
      await deliveries.caughtUp(attemptOf('bob'), third, [sentTo('bob', 3)]);
      await deliveries.stillBehind([behind('bob', second, 9_000, 4)]);
      await save(store, { jobs: [job('4')] });
      await deliveries.advance(
        await deliveries.next(group, 9),
        'complete',
        [behind('bob', third, 9_000)],
        [],
      );
      await isAt(first);
      await deliveries.caughtUp(attemptOf('bob', 2), first, []);
      await isAt(second);
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
