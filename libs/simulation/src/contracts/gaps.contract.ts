import assert from 'node:assert/strict';
import type { Gap, ReceiveQueue, Received } from '@chat-relays/agent';
import { type Clause, plain, save, type Stores } from './contract';

const queue = (number: number): ReceiveQueue => ({
  ...{ noun: 'member_connection', id: 'bob/news A', identity: 'bob', protocol: 'full' },
  ...{ purpose: 'connection', attempt: number },
  ...{ server: 'smp', recipientId: Buffer.alloc(24, number), seed: Buffer.alloc(32, number) },
  ...{ serverDhKey: Buffer.alloc(44, 3), received: { id: 0, hash: Buffer.alloc(0) } },
});

/** A message with the number after `to`, at the second of that number, on a queue of which `from` to `to` never came. */
function skipping(from: number, to: number, number = 1): Received & { readonly gap: Gap } {
  const { server, recipientId, id: via } = queue(number);
  const around = { after: from === 1 ? 0 : from - 1, before: to + 1 };
  const gap = { membershipId: 'bob/news', via, from, to, ...around, noticedAt: 1_700_000_000_000 };
  return {
    ...{ server, recipientId, position: { id: to + 1, hash: Buffer.alloc(32, to + 1) } },
    ...{ time: to + 1, gap },
  };
}

const seen = async ({ gaps }: Stores): Promise<string[]> =>
  (await gaps()).map(({ via, from, to, after, before }) => `${via} ${from}-${to} in ${after}-${before}`);

export const gapsContract: readonly Clause<Stores>[] = [
  {
    title: 'a gap is kept with the place that its queue has come to, whatever brought it there',
    async check(stores) {
      const { store, messages } = stores;
      await save(store, { queues: [queue(1)] });
      await save(store, { received: [skipping(1, 2)] });
      await messages.insert([], [skipping(4, 4)]);
      assert.deepEqual(await seen(stores), ['bob/news A 1-2 in 0-3', 'bob/news A 4-4 in 3-5']);
      const [{ received, receivedTime }] = await store.queues();
      assert.deepEqual([received.id, receivedTime], [5, 5]);
    },
  },
  {
    title: 'a gap is kept once, however often and from how many sides it comes',
    async check(stores) {
      const { store, messages } = stores;
      await save(store, { queues: [queue(1)] });
      const gap = skipping(2, 3);
      await Promise.all([
        save(store, { received: [gap] }),
        messages.insert([], [gap]),
        save(store, { received: [gap] }),
        messages.insert([], [gap]),
      ]);
      assert.deepEqual(await seen(stores), ['bob/news A 2-3 in 1-4']);
    },
  },
  {
    title: 'of a queue that was lost no last number is known',
    async check(stores) {
      await save(stores.store, { queues: [queue(1)] });
      const { gap, position: _, time: __, ...lost } = skipping(7, 7);
      await save(stores.store, { received: [{ ...lost, gap: { ...gap, to: undefined } }] });
      assert.deepEqual(await seen(stores), ['bob/news A 7-undefined in 6-8']);
      const [{ received }] = await stores.store.queues();
      assert.equal(received.id, 0);
    },
  },
  {
    title: 'numbers of another queue of the same connection are others',
    async check(stores) {
      await save(stores.store, { queues: [queue(1), queue(2)] });
      await stores.messages.insert([], [skipping(2, 2), skipping(2, 2, 2)]);
      assert.equal((await seen(stores)).length, 2);
    },
  },
  {
    title: 'a commit that fails keeps no gap',
    async check(stores) {
      const { store } = stores;
      await save(store, { queues: [queue(1)] });
      const failing = store.commit(async (unit) => {
        await unit.save({ received: [skipping(2, 3)] });
        throw new RangeError('it was not to be');
      });
      await assert.rejects(failing, RangeError);
      assert.deepEqual(await seen(stores), []);
      assert.deepEqual(plain(await store.queues()), plain([queue(1)]));
    },
  },
  {
    title: 'a queue that was told no time keeps the one that it has',
    async check({ store }) {
      await save(store, { queues: [queue(1)] });
      const { server, recipientId } = queue(1);
      await save(store, { received: [{ server, recipientId, time: 7 }] });
      await save(store, { received: [{ server, recipientId, peerDhKey: Buffer.alloc(44, 9) }] });
      const [{ receivedTime }] = await store.queues();
      assert.equal(receivedTime, 7);
    },
  },
];
