import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../data-source';
import { describeSchema } from '../schema-dump';
import { agentTables } from './agent-tables';

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

  it('go away with the migrations', async () => {
    for (const _ of agentTables.migrations) await source.undoLastMigration();
    expect(await describeSchema(source, address.schema)).toBe('');
  });
});
