import assert from 'node:assert/strict';
import { MOST_DIVERGENT_COPIES, type NewMessage } from '@chat-relays/agent';
import type { Clause, Stores } from './contract';

/** @param relay the link of the relay that brings it */
function said(text: string, relay: string, more: Partial<NewMessage> = {}): NewMessage {
  const base = { membershipId: 'bob/news', groupLink: 'news', author: 'channel', messageId: '1', ...more };
  const via = `${base.membershipId} ${relay}`;
  return { ...base, body: Buffer.from(text), via, receivedAt: 1_700_000_000_000 };
}

const carol = { membershipId: 'carol/news' };
const evidenceOf = async ({ divergent }: Stores): Promise<string[]> =>
  (await divergent()).map(({ messageId, via, body }) => `${via} of ${messageId}: ${String(body)}`);
const against = (via: string, kept: number, dropped: number) => ({ via, kept, dropped });

export const divergencesContract: readonly Clause<Stores>[] = [
  {
    title: 'a later copy that says otherwise is evidence against its connection, and the first one stays',
    async check(stores) {
      const { messages, kept } = stores;
      await messages.insert([said('true', 'A')], []);
      assert.deepEqual(await messages.insert([said('false', 'B'), said('true', 'C')], []), {
        kept: 0,
        divergences: [against('bob/news B', 1, 0)],
      });
      assert.deepEqual(await evidenceOf(stores), ['bob/news B of 1: false']);
      assert.deepEqual(
        (await kept()).map(({ via }) => via),
        ['bob/news A'],
      );
    },
  },
  {
    title: 'so are copies that differ in one statement, where the first of them wins',
    async check(stores) {
      const block = [said('false', 'B'), said('true', 'A'), said('true', 'C'), said('own', 'A', carol)];
      assert.deepEqual(await stores.messages.insert(block, []), {
        kept: 2,
        divergences: [against('bob/news A', 1, 0), against('bob/news C', 1, 0)],
      });
      assert.deepEqual(await evidenceOf(stores), ['bob/news A of 1: true', 'bob/news C of 1: true']);
    },
  },
  {
    title: 'copies of one statement are compared with the one that was kept before, and not with each other',
    async check(stores) {
      await stores.messages.insert([said('true', 'A')], []);
      const { divergences } = await stores.messages.insert([said('false', 'B'), said('true', 'C')], []);
      assert.deepEqual(divergences, [against('bob/news B', 1, 0)]);
      await stores.messages.insert([said('false', 'B'), said('false', 'B')], []);
      assert.deepEqual(await evidenceOf(stores), ['bob/news B of 1: false']);
    },
  },
  {
    title: 'the same evidence is kept once, whether it comes again in one statement or in another',
    async check(stores) {
      const { messages } = stores;
      await messages.insert([said('true', 'A')], []);
      const twice = [said('false', 'B'), said('false', 'B')];
      assert.deepEqual((await messages.insert(twice, [])).divergences, [against('bob/news B', 1, 1)]);
      assert.deepEqual((await messages.insert(twice, [])).divergences, [against('bob/news B', 0, 2)]);
      assert.deepEqual(await evidenceOf(stores), ['bob/news B of 1: false']);
    },
  },
  {
    title: 'a relay cannot fill the store with what it says of one message, nor hide what another one says',
    async check(stores) {
      const { messages } = stores;
      const lies = Array.from({ length: MOST_DIVERGENT_COPIES + 2 }, (_, n) => said(`lie ${n}`, 'B'));
      await messages.insert([said('true', 'A'), lies[0]], []);
      assert.deepEqual((await messages.insert(lies, [])).divergences, [
        against('bob/news B', MOST_DIVERGENT_COPIES - 1, 3),
      ]);
      await messages.insert([said('lie 9', 'B'), said('false', 'C')], []);
      assert.deepEqual(await evidenceOf(stores), [
        ...lies.slice(0, MOST_DIVERGENT_COPIES).map(({ body }) => `bob/news B of 1: ${String(body)}`),
        'bob/news C of 1: false',
      ]);
    },
  },
  {
    title: 'a relay that contradicts itself is told by its own copy',
    async check(stores) {
      await stores.messages.insert([said('true', 'A')], []);
      await stores.messages.insert([said('false', 'A')], []);
      assert.deepEqual(await evidenceOf(stores), ['bob/news A of 1: false']);
    },
  },
  {
    title: 'other ids, other authors and other members are other messages',
    async check(stores) {
      await stores.messages.insert([said('one', 'A')], []);
      const others = [
        said('two', 'B', { messageId: '2' }),
        said('two', 'B', { author: 'x' }),
        said('two', 'B', carol),
      ];
      assert.deepEqual(await stores.messages.insert(others, []), { kept: 3, divergences: [] });
      assert.deepEqual(await evidenceOf(stores), []);
    },
  },
  {
    title: 'the same bytes from another relay corroborate, from the same relay they do not',
    async check({ messages, corroborated }) {
      const of = (messageId: string, text: string, relay: string) => said(text, relay, { messageId });
      await messages.insert([of('1', 'a', 'A'), of('2', 'b', 'A'), of('2', 'b', 'A'), of('3', 'c', 'A')], []);
      assert.deepEqual(await corroborated(), []);
      await messages.insert(
        [of('1', 'a', 'B'), of('3', 'other', 'B'), of('4', 'd', 'A'), of('4', 'd', 'B')],
        [],
      );
      await messages.insert([of('1', 'a', 'C'), of('2', 'b', 'A')], []);
      assert.deepEqual(await corroborated(), ['1', '4']);
    },
  },
  {
    title: 'copies that differ and come at once are all told, whichever was the first',
    async check(stores) {
      const relays = ['A', 'B', 'C', 'D'];
      const ids = Array.from({ length: 25 }, (_, n) => `${n}`);
      const told = await Promise.all(
        relays.map((relay) =>
          stores.messages.insert(
            ids.map((messageId) => said(`${messageId} from ${relay}`, relay, { messageId })),
            [],
          ),
        ),
      );
      const divergences = told.flatMap((one) => one.divergences);
      assert.equal(
        divergences.reduce((sum, { kept }) => sum + kept, 0),
        ids.length * (relays.length - 1),
      );
      const evidence = (await stores.divergent()).map(({ messageId, via }) => `${messageId} ${via}`);
      const firsts = (await stores.kept()).map(({ messageId, via }) => `${messageId} ${via}`);
      assert.equal(new Set([...evidence, ...firsts]).size, ids.length * relays.length);
    },
  },
];
