import assert from 'node:assert/strict';
import type { NewMessage } from '@chat-relays/agent';
import type { Clause, Stores } from './contract';

function copy(messageId: string, via: string, membershipId = 'bob/news'): NewMessage {
  return {
    membershipId,
    groupLink: 'news',
    author: 'channel',
    messageId,
    body: Buffer.from(messageId),
    via,
    receivedAt: 1_700_000_000_000,
  };
}

export const messagesContract: readonly Clause<Stores>[] = [
  {
    title: 'the first copy of a message is kept, whoever brings the second',
    async check({ messages, kept }) {
      assert.equal(await messages.insert([copy('1', 'A'), copy('2', 'A')]), 2);
      assert.equal(await messages.insert([copy('1', 'B'), copy('3', 'B')]), 1);
      const ids = (await kept()).map(({ messageId, via }) => `${messageId} ${via}`);
      assert.deepEqual(ids, ['1 A', '2 A', '3 B']);
    },
  },
  {
    title: 'two copies in one block are one message',
    async check({ messages, kept }) {
      assert.equal(await messages.insert([copy('1', 'A'), copy('1', 'B')]), 1);
      assert.equal((await kept()).length, 1);
    },
  },
  {
    title: 'members keep their own, and authors have ids of their own',
    async check({ messages }) {
      const other: NewMessage = { ...copy('1', 'A'), author: 'somebody' };
      assert.equal(await messages.insert([copy('1', 'A'), copy('1', 'A', 'carol/news'), other]), 3);
    },
  },
  {
    title: 'messages are kept in the order in which they came',
    async check({ messages, kept }) {
      const ids = Array.from({ length: 50 }, (_, n) => `${(n * 37) % 50}`);
      await messages.insert(ids.slice(0, 20).map((id) => copy(id, 'A')));
      await messages.insert(ids.map((id) => copy(id, 'B')));
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
        ['A', 'B', 'C'].map((via) => messages.insert(ids.map((id) => copy(id, via)))),
      );
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        40,
      );
      assert.equal((await kept()).length, 40);
    },
  },
];
