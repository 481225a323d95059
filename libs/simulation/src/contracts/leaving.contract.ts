import assert from 'node:assert/strict';
import type { ReceiveQueue } from '@chat-relays/agent';
import type { RecordRef, SagaRecord } from '@chat-relays/protocol';
import { type Clause, command, record, type Stores } from './contract';
import { attemptOf, behind, group, job, member, names, save, sentTo, texts } from './forwarding';

/** A member that came to this life of the relay. */
function memberOf(life: number, name: string, status = 'Accepted'): SagaRecord {
  const one = member(name, { status });
  return { ...one, data: { ...one.data, ...(life > 0 && { life }) } };
}

function priority(life: number, name: string): SagaRecord {
  const data = { relayOwnId: group, ...(life > 0 && { life }) };
  const peer = { server: 'smp-members', senderId: `${name}/priority` };
  return record('priority_connection', `${group}/${name}/priority`, { status: 'Connected', data, peer });
}

function queueOf({ noun, id }: RecordRef, number: number): ReceiveQueue {
  return {
    ...{ noun, id, identity: 'relay-1', protocol: 'paired', purpose: 'connection', attempt: 1 },
    ...{ server: 'smp-relays', recipientId: Buffer.alloc(24, number), seed: Buffer.alloc(32, number) },
    ...{ serverDhKey: Buffer.alloc(44, 5), received: { id: 0, hash: Buffer.alloc(0) } },
  };
}

const commandOf = ({ noun, id }: RecordRef, number: number) =>
  command('a', number, { noun, recordId: id, kind: 'ACPT' });

const asked = { relayOwnId: group, life: 0, untold: false, limit: 9 };
const ids = (refs: readonly RecordRef[]): string[] => refs.map(({ id }) => id.slice(group.length + 1));

/** What a relay that is removed has of its members, and how it goes. */
export const leavingContract: readonly Clause<Stores>[] = [
  {
    title:
      'former members are those of a life that is over and of those before, page by page, then their other connections',
    async check({ store, deliveries }) {
      const members = [
        memberOf(0, 'bob'),
        memberOf(1, 'carol', 'Gone'),
        memberOf(2, 'dave'),
        memberOf(0, 'eve'),
      ];
      for (const one of members) await save(store, { records: [one] });
      await save(store, { records: [priority(0, 'bob'), priority(2, 'dave')] });
      const [bob] = members;
      await save(store, {
        queues: [queueOf(bob, 1), queueOf(bob, 2), queueOf(members[2], 3)],
        commands: [commandOf(bob, 1), commandOf(members[2], 2)],
      });
      const first = await deliveries.former({ ...asked, life: 1, limit: 2 });
      assert.deepEqual([ids(first.members), first.waiting], [['bob', 'carol'], false]);
      const [{ queues, commands }, other] = first.members;
      assert.deepEqual(queues.map(({ recipientId }) => recipientId[0]).sort(), [1, 2]);
      assert.deepEqual([commands.map(({ id, kind, lane }) => [id, kind, lane])], [[['a/1', 'ACPT', 'a']]]);
      assert.deepEqual([other.queues, other.commands], [[], []]);
      assert.deepEqual(ids((await deliveries.former(asked)).members), ['bob', 'eve']);
      const past = first.members[1];
      assert.deepEqual(ids((await deliveries.former({ ...asked, life: 1, past })).members), ['eve']);
      const last = { noun: 'group_member', id: members[3].id } as const;
      assert.deepEqual(ids((await deliveries.former({ ...asked, life: 1, past: last })).members), [
        'bob/priority',
      ]);
      const end = priority(0, 'bob');
      assert.deepEqual((await deliveries.former({ ...asked, life: 1, past: end })).members, []);
      await save(store, { deleted: queues, consumed: ['a/1'] });
      await save(store, { forgotten: [bob, members[1], members[3]] });
      const second = await deliveries.former({ ...asked, life: 1 });
      assert.deepEqual([ids(second.members), second.waiting], [['bob/priority'], false]);
      assert.deepEqual(await deliveries.former({ ...asked, relayOwnId: 'relay-1/other' }), {
        members: [],
        waiting: false,
      });
    },
  },
  {
    title: 'who receives and has not got all is waited for, unless it is said otherwise',
    async check({ store, deliveries }) {
      for (const name of ['bob', 'carol', 'dave']) await save(store, { records: [memberOf(0, name)] });
      await save(store, { jobs: [job('1')] });
      const jobs = await deliveries.next(group, 1);
      const late = [behind('bob', jobs[0].id, 500), behind('dave', jobs[0].id, 500)];
      await deliveries.advance(jobs, 'complete', late, []);
      await save(store, { records: [memberOf(0, 'dave', 'Gone')] });
      assert.deepEqual(ids((await deliveries.former(asked)).members), ['carol', 'dave']);
      await save(store, { forgotten: [memberOf(0, 'carol'), memberOf(0, 'dave')] });
      assert.deepEqual(await deliveries.former(asked), { members: [], waiting: true });
      assert.deepEqual(ids((await deliveries.former({ ...asked, untold: true })).members), ['bob']);
      await deliveries.caughtUp(attemptOf('bob'), jobs[0].id, []);
      assert.deepEqual(ids((await deliveries.former(asked)).members), ['bob']);
    },
  },
  {
    title: 'a record is forgotten with the queue of its peer, but not as long as it has a queue or a command',
    async check({ store, deliveries }) {
      const members = ['bob', 'carol', 'dave', 'eve'].map((name) => memberOf(0, name));
      const [bob, carol, dave] = members;
      for (const one of members) await save(store, { records: [one] });
      await save(store, { queues: [queueOf(bob, 1), queueOf(carol, 2)], commands: [commandOf(dave, 1)] });
      await save(store, { deleted: [queueOf(bob, 1)], forgotten: [bob, carol, dave] });
      const left = await store.commit((unit) => unit.load(members));
      assert.deepEqual(ids(left).sort(), ['carol', 'dave', 'eve']);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['carol', 'dave', 'eve']);
      await save(store, { forgotten: [bob, { noun: 'priority_connection', id: 'never heard of' }] });
      // its queue has gone with it: who comes later under the same name has another seed
      await save(store, { records: [memberOf(1, 'bob')] });
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['carol', 'dave', 'eve', 'bob']);
    },
  },
  {
    title: 'what is told of somebody who is forgotten changes nothing',
    async check({ store, deliveries }) {
      await save(store, { records: [memberOf(0, 'bob'), memberOf(0, 'carol')], jobs: [job('1')] });
      const jobs = await deliveries.next(group, 1);
      await save(store, { forgotten: [memberOf(0, 'bob')] });
      await deliveries.advance(jobs, 'complete', [behind('bob', jobs[0].id, 5)], [sentTo('bob', 1)]);
      await deliveries.caughtUp(attemptOf('bob'), jobs[0].id, [sentTo('bob', 2)]);
      await deliveries.stillBehind([behind('bob', jobs[0].id, 5)]);
      assert.deepEqual(await deliveries.due(group, 99, 9), []);
      assert.deepEqual(await deliveries.pending('relay-1', 99), []);
      assert.deepEqual(names(await deliveries.recipients(group, 0, 9)), ['carol']);
    },
  },
  {
    title: 'messages go the newest first, while the relay is in one of these statuses',
    async check({ store, deliveries }) {
      const relay = (status: string) => record('relay_own', group, { status });
      await save(store, { records: [relay('Confirmed')] });
      await save(store, { jobs: ['1', '2', '3', '4'].map((id) => job(id)) });
      await save(store, { jobs: [job('1', { relayOwnId: 'relay-1/other' })], withdrawn: [job('4')] });
      const jobs = await deliveries.next(group, 2);
      await deliveries.advance(jobs, 'complete', [], []);
      const over = ['Removed', 'Broken'];
      assert.equal(await deliveries.forget(group, over, 3), 0);
      assert.equal(await deliveries.forget('relay-1/other', over, 3), 0);
      await save(store, { records: [relay('Removed')] });
      assert.equal(await deliveries.forget(group, over, 3), 3);
      assert.deepEqual(texts(await deliveries.completed(group, 0, 9)), ['1']);
      assert.deepEqual(await deliveries.next(group, 9), []);
      assert.equal(await deliveries.forget(group, over, 3), 1);
      assert.equal(await deliveries.forget(group, over, 3), 0);
      assert.deepEqual(texts(await deliveries.next('relay-1/other', 9)), ['1']);
      // a page of one was on its way
      await deliveries.advance(jobs, 'complete', [], []);
      await save(store, { jobs: [job('1')] });
      assert.deepEqual(texts(await deliveries.next(group, 9)), ['1']);
    },
  },
];
