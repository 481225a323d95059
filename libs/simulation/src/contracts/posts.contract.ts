import assert from 'node:assert/strict';
import { HISTORY, type NewPost } from '@chat-relays/agent';
import { type Clause, plain, save, type Stores } from './contract';

const post = (number: number, groupId = 'news'): NewPost => ({
  groupId,
  messageId: `${groupId} ${number}`,
  body: Buffer.from(`post ${number}`),
});

export const postsContract: readonly Clause<Stores>[] = [
  {
    title: 'of what was posted to a group the newest is kept, in order',
    async check({ store }) {
      const recent = (groupId: string) => store.commit((unit) => unit.recentPosts(groupId));
      assert.deepEqual(await recent('news'), []);
      const numbers = Array.from({ length: HISTORY + 30 }, (_, at) => at);
      await save(store, { posts: [post(1, 'other'), ...numbers.slice(0, 20).map((at) => post(at))] });
      assert.deepEqual(plain(await recent('news')), plain(numbers.slice(0, 20).map((at) => post(at))));
      for (const at of numbers.slice(20)) await save(store, { posts: [post(at)] });
      assert.deepEqual(plain(await recent('news')), plain(numbers.slice(-HISTORY).map((at) => post(at))));
      assert.deepEqual(plain(await recent('other')), plain([post(1, 'other')]));
    },
  },
  {
    title: 'what a commit posts that fails is not kept',
    async check({ store }) {
      const work = store.commit(async (unit) => {
        await unit.save({ posts: [post(1)] });
        throw new Error('no');
      });
      await assert.rejects(work, /no/);
      assert.deepEqual(await store.commit((unit) => unit.recentPosts('news')), []);
    },
  },
];
