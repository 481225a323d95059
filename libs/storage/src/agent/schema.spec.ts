import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../data-source';
import { describeSchema } from '../schema-dump';
import { decide, dialogueOf } from '@chat-relays/protocol';
import { AgentStore } from './agent-store';
import { agentTables } from './agent-tables';
import { Departures1796200000000 } from './migrations/departures';
import { RecordsOfBefore1796100000000 } from './migrations/records-of-before';

const address = { url: process.env['DATABASE_URL'] ?? '', schema: `agent_schema_${process.pid}` };
/** Delete it to have it written anew. */
const golden = join(__dirname, 'schema.sql');
let source: DataSource;

beforeAll(async () => {
  await migrate(address, agentTables);
  source = await openDataSource(address, agentTables);
});

afterAll(async () => {
  await source.query(`DROP SCHEMA IF EXISTS ${address.schema} CASCADE`);
  await source.destroy();
});

/** As it was before this migration. */
async function backTo(migration: new () => object): Promise<void> {
  const { length } = agentTables.migrations;
  for (let at = length - 1; at >= agentTables.migrations.indexOf(migration as never); at--)
    await source.undoLastMigration();
}

describe("the agents' tables", () => {
  it('are in the entities as they are in the migrations', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('are those of schema.sql', async () => {
    const text = await describeSchema(source, address.schema);
    if (!existsSync(golden)) {
      writeFileSync(golden, text);
      throw new Error('schema.sql was missing and is written now: look at it and commit it.');
    }
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  it('are migrated once', async () => {
    expect(await migrate(address, agentTables)).toEqual([]);
  });

  it('of 0.3 are brought to what 0.4 would have written', async () => {
    await backTo(RecordsOfBefore1796100000000);
    await source.query(
      `INSERT INTO groups (id, identity, protocol, data, group_status, relay_own_status) VALUES
         ('news', 'alice', 'full', '{"name": "news"}', 'ready', NULL),
         ('relay-1/link', 'relay-1', 'full', '{}', NULL, 'confirmed'), ('relay-2/link', 'relay-2', 'full', '{}', NULL, 'removed')`,
    );
    await source.query(
      `INSERT INTO group_relays (id, identity, protocol, attempt, data, group_id, relay_status) VALUES
         ('news/relay-1', 'alice', 'full', 2, '{}', 'news', 'confirmed'), ('news/relay-2', 'alice', 'full', 3, '{}', 'news', 'removed')`,
    );
    await source.query(
      `INSERT INTO delivery_jobs (relay_own_id, identity, author, message_id, element, job_status, created_at) VALUES
         ('relay-1/link', 'relay-1', 'channel', 'x.grp.mem.del/1', '', 'complete', 0),
         ('relay-1/link', 'relay-1', 'channel', 'bWVzc2FnZQ', '', 'complete', 0),
         ('relay-2/link', 'relay-2', 'channel', 'x.grp.mem.del/1', '', 'complete', 0)`,
    );
    await source.runMigrations();
    const jobs = 'SELECT job_status FROM delivery_jobs ORDER BY id';
    expect(await source.query(jobs)).toEqual(
      ['withdrawn', 'complete', 'complete'].map((job_status) => ({ job_status })),
    );
    expect(await source.query(`SELECT data FROM groups WHERE id = 'news'`)).toEqual([
      { data: { name: 'news', invitations: 5 } },
    ]);
  });

  it('of 0.4 have relays leave their members that were removed before', async () => {
    await source.query('TRUNCATE groups, commands');
    await backTo(Departures1796200000000);
    await source.query(
      `INSERT INTO groups (id, identity, protocol, data, relay_own_status) VALUES
         ('relay-1/link', 'relay-1', 'pooled', '{}', 'confirmed'), ('relay-2/link', 'relay-2', 'paired', '{}', 'removed')`,
    );
    // it was removed, and may be again before it serves
    await source.query(
      `INSERT INTO groups (id, identity, protocol, data, attempt, relay_own_status) VALUES
         ('relay-3/link', 'relay-3', 'full', '{"relayName": "relay-3", "groupLink": "link"}', 2, 'accepted')`,
    );
    await source.runMigrations();
    const store = new AgentStore(source);
    const departures = await store.recordsIn('departure', ['Leaving']);
    expect(departures).toEqual([
      { noun: 'departure', id: 'relay-2/link', identity: 'relay-2', protocol: 'paired' },
    ]);
    // as the row asks that begins a departure
    const { aims, rows } = dialogueOf('paired', 'departure');
    const [{ step, kind }] = rows[0].ask!;
    const [asked] = await store.lease({ lanes: 9, perLane: 9, now: 1, until: 2 });
    expect(asked).toMatchObject({ step, kind, noun: 'departure', recordId: 'relay-2/link', attempt: 1 });
    expect(asked.id).toBe(`departure:relay-2/link/1/${step}/${kind}`);
    const [record] = await store.commit((unit) => unit.load(departures));
    expect(asked.aim).toEqual(aims![kind]!(record.data));
    expect(asked.seed).toHaveLength(32);
    const [back] = await store.commit((unit) => unit.load([{ noun: 'relay_own', id: 'relay-3/link' }]));
    const gone = decide(
      dialogueOf('full', 'relay_own'),
      back,
      { ...back, data: { ...back.data, unlisted: 3 } },
      {
        name: 'LDATA',
        of: 'remove.unnotified.2',
        facts: { relayLinks: [], data: {}, owners: [] },
      },
    );
    expect(gone).toMatchObject({
      record: { status: 'Removed' },
      tells: [{ noun: 'departure', id: 'relay-3/link', event: 'relay.left', facts: { life: 0 } }],
    });
  });

  it('go away with the migrations', async () => {
    for (const _ of agentTables.migrations) await source.undoLastMigration();
    expect(await describeSchema(source, address.schema)).toBe('');
  });
});
