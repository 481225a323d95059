import assert from 'node:assert/strict';
import type { Inserted, NewMessage, ReceiveQueue } from '@chat-relays/agent';
import { type Clause, plain, save, type Stores } from './contract';

/** @param relay the link of the relay that brings it */
function copy(messageId: string, relay: string, membershipId = 'bob/news'): NewMessage {
  return {
    membershipId,
    groupLink: 'news',
    author: 'channel',
    messageId,
    body: Buffer.from(messageId),
    via: `${membershipId} ${relay}`,
    receivedAt: 1_700_000_000_000,
  };
}

const agreed = (kept: number): Inserted => ({ kept, divergences: [] });

const queue: ReceiveQueue = {
  ...{
    noun: 'member_connection',
    id: 'bob/news A',
    identity: 'bob',
    protocol: 'full',
    purpose: 'connection',
    attempt: 1,
  },
  ...{ server: 'smp', recipientId: Buffer.alloc(24, 1), seed: Buffer.alloc(32, 2) },
  ...{ serverDhKey: Buffer.alloc(44, 3), received: { id: 0, hash: Buffer.alloc(0) } },
};

export const messagesContract: readonly Clause<Stores>[] = [
  {
    title: 'the first copy of a message is kept, whoever brings the second',
    async check({ messages, kept }) {
      assert.deepEqual(await messages.insert([copy('1', 'A'), copy('2', 'A')], []), agreed(2));
      assert.deepEqual(await messages.insert([copy('1', 'B'), copy('3', 'B')], []), agreed(1));
      const ids = (await kept()).map(({ messageId, via }) => `${messageId} ${via}`);
      assert.deepEqual(ids, ['1 bob/news A', '2 bob/news A', '3 bob/news B']);
    },
  },
  {
    title: 'two copies in one block are one message',
    async check({ messages, kept }) {
      assert.deepEqual(await messages.insert([copy('1', 'A'), copy('1', 'B')], []), agreed(1));
      assert.equal((await kept()).length, 1);
    },
  },
  {
    title: 'members keep their own, and authors have ids of their own',
    async check({ messages }) {
      const other: NewMessage = { ...copy('1', 'A'), author: 'somebody' };
      const inserted = await messages.insert([copy('1', 'A'), copy('1', 'A', 'carol/news'), other], []);
      assert.deepEqual(inserted, agreed(3));
    },
  },
  {
    title: 'messages are kept in the order in which they came',
    async check({ messages, kept }) {
      const ids = Array.from({ length: 50 }, (_, n) => `${(n * 37) % 50}`);
      await messages.insert(
        ids.slice(0, 20).map((id) => copy(id, 'A')),
        [],
      );
      await messages.insert(
        ids.map((id) => copy(id, 'B')),
        [],
      );
      assert.deepEqual(
        (await kept()).map(({ messageId }) => messageId),
        ids,
      );
    },
  },
  {
    title: 'copies that come at once over two connections are one message',
    async check({ messages, kept }) {
      const ids = Array.from({ length: 40 }, (_, n) => `${n}`);
      const counts = await Promise.all(
        ['A', 'B', 'C'].map((via) =>
          messages.insert(
            ids.map((id) => copy(id, via)),
            [],
          ),
        ),
      );
      assert.equal(
        counts.reduce((sum, { kept }) => sum + kept, 0),
        40,
      );
      assert.equal((await kept()).length, 40);
    },
  },
  {
    title: 'how far a queue has come is kept with its messages, also when there are none',
    async check({ messages, store }) {
      await save(store, { queues: [queue] });
      const { server, recipientId } = queue;
      const peerDhKey = Buffer.alloc(44, 9);
      const first = { id: 1, hash: Buffer.alloc(32, 1) };
      await messages.insert([copy('1', 'A')], [{ server, recipientId, peerDhKey, position: first }]);
      assert.deepEqual(plain(await store.queues()), plain([{ ...queue, peerDhKey, received: first }]));
      const second = { id: 2, hash: Buffer.alloc(32, 2) };
      await messages.insert([], [{ server, recipientId, position: second }]);
      assert.deepEqual(plain(await store.queues()), plain([{ ...queue, peerDhKey, received: second }]));
    },
  },
];
