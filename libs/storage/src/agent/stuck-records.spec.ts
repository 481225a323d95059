import { waitingRecords } from '@chat-relays/agent';
import { record, save } from '@chat-relays/simulation';
import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../data-source';
import { AgentStore } from './agent-store';
import { agentTables } from './agent-tables';
import { recordTable } from './record-tables';
import { countStuck } from './stuck-records';

const address = { url: process.env['DATABASE_URL'] ?? '', schema: `agent_stuck_${process.pid}` };
let source: DataSource;

beforeAll(async () => {
  await migrate(address, agentTables);
  source = await openDataSource(address, agentTables);
});

afterAll(async () => {
  await source.query(`DROP SCHEMA ${address.schema} CASCADE`);
  await source.destroy();
});

it('stuck records are counted by noun and status', async () => {
  const relay = (name: string, status: string) =>
    record('group_relay', `news/${name}`, { data: { groupId: 'news' }, status });
  const own = record('relay_own', 'relay-1/link', { status: 'Accepted' });
  const records = [relay('a', 'Invited'), relay('b', 'Invited'), relay('c', 'Confirmed'), own];
  await save(new AgentStore(source), { records });
  const [{ latest }] = await source.query<{ latest: string }[]>(
    'SELECT greatest((SELECT max(since) FROM group_relays), (SELECT max(since) FROM groups)) AS latest',
  );
  const counted = await countStuck(source, waitingRecords, Number(latest));
  expect(counted.sort((one, other) => other.count - one.count)).toEqual([
    { noun: 'group_relay', status: 'Invited', count: 2 },
    { noun: 'relay_own', status: 'Accepted', count: 1 },
  ]);
  expect(await countStuck(source, waitingRecords, 0)).toEqual([]);
  expect(await countStuck(source, [], Number(latest))).toEqual([]);
});

// a protocol with a new waiting status of a noun that had none needs an index with it
const nouns = [...new Set(waitingRecords.map(({ noun }) => noun))];
it.each(nouns)('an index finds those of %s', async (noun) => {
  const { table, status } = recordTable(noun);
  const indexes = await source.query<{ indexdef: string }[]>(
    'SELECT indexdef FROM pg_indexes WHERE schemaname = $1 AND tablename = $2',
    [address.schema, table],
  );
  expect(indexes.map(({ indexdef }) => indexdef.replace(/^.* USING /, ''))).toContain(
    `btree (${status}, since)`,
  );
});
