import assert from 'node:assert/strict';
import type { Store, Stuck } from '@chat-relays/agent';
import type { SagaRecord } from '@chat-relays/protocol';
import { type Clause, plain, record, save, type Stores } from './contract';

const waiting = [
  { noun: 'group_relay', protocol: 'full', status: 'Invited' },
  { noun: 'group_relay', protocol: 'full', status: 'Notified' },
  { noun: 'relay_own', protocol: 'full', status: 'Accepted' },
] as const;

const beginning = { since: 0, id: '' };
/** no record of a test has waited since a later moment */
const end = Number.MAX_SAFE_INTEGER;

const stuck = (store: Store, more: Partial<Parameters<Store['stuck']>[0]> = {}): Promise<Stuck[]> =>
  store.stuck({ waiting, before: end, after: beginning, limit: 100, ...more });

const ids = (found: readonly Stuck[]): string[] => found.map(({ record }) => record.id);

function relay(name: string, more: Partial<SagaRecord> = {}): SagaRecord {
  return record('group_relay', `news/${name}`, { data: { groupId: 'news' }, status: 'Invited', ...more });
}

export const stuckContract: readonly Clause<Stores>[] = [
  {
    title: 'records that wait are found by noun, protocol and status, as they were saved',
    async check({ store }) {
      const own = record('relay_own', 'relay-1/link', { status: 'Accepted', data: { groupLink: 'link' } });
      const records = [
        ...[relay('a'), relay('b', { status: 'Notified' }), own],
        ...[relay('c', { status: 'Accepted' }), relay('d', { protocol: 'other' })],
        record('group', 'news', { status: 'Invited' }),
      ];
      await save(store, { records });
      const found = await stuck(store);
      assert.deepEqual(ids(found).sort(), ['news/a', 'news/b', 'relay-1/link']);
      const one = found.find(({ record }) => record.noun === 'relay_own');
      assert.deepEqual(plain({ ...one?.record, parent: undefined }), plain({ ...own, parent: undefined }));
      assert.deepEqual(await stuck(store, { waiting: [] }), []);
    },
  },
  {
    title: 'a record waits since it has its status, whatever else of it changes, and no longer when it moves',
    async check({ store }) {
      await save(store, { records: [relay('a')] });
      const [{ since }] = await stuck(store);
      assert.ok(since > 0);
      assert.deepEqual(ids(await stuck(store, { before: since })), ['news/a']);
      assert.deepEqual(await stuck(store, { before: since - 1 }), []);
      await save(store, { records: [relay('a', { data: { groupId: 'news', relayLink: 'link' } })] });
      assert.deepEqual(
        (await stuck(store)).map((each) => each.since),
        [since],
      );
      await save(store, { records: [relay('a', { status: 'Accepted' })] });
      assert.deepEqual(await stuck(store), []);
    },
  },
  {
    title: 'pages follow each other without a gap, oldest first',
    async check({ store }) {
      const names = ['c', 'a', 'b', 'e', 'd'];
      for (const name of names.slice(0, 2)) await save(store, { records: [relay(name)] });
      await save(store, { records: names.slice(2).map((name) => relay(name)) });
      const all = await stuck(store);
      const pages: Stuck[] = [];
      for (let page = await stuck(store, { limit: 2 }); page.length > 0;) {
        pages.push(...page);
        const last = page[page.length - 1];
        page = await stuck(store, { limit: 2, after: { since: last.since, id: last.record.id } });
      }
      assert.deepEqual(ids(pages), ids(all));
      assert.deepEqual(
        [...ids(all)].sort(),
        [...names].sort().map((name) => `news/${name}`),
      );
      const times = all.map(({ since }) => since);
      assert.deepEqual(
        times,
        [...times].sort((one, other) => one - other),
      );
    },
  },
];
