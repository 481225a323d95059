import assert from 'node:assert/strict';
import { HISTORY } from '@chat-relays/agent';
import type { Clause, Stores } from './contract';
import { attemptOf, behind, bobIsBehind, group, job, member, names, save, sentTo, texts } from './forwarding';

/** Members of a relay that come, or come again, while it forwards. */
export const newcomersContract: readonly Clause<Stores>[] = [
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
];
