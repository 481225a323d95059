import { TemporaryError } from '@chat-relays/agent';
import {
  command,
  deliveriesContract,
  divergencesContract,
  gapsContract,
  leavingContract,
  messagesContract,
  newcomersContract,
  save,
  storeContract,
  type Stores,
  stuckContract,
} from '@chat-relays/simulation';
import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../data-source';
import { AgentStore, temporaryWhenAway } from './agent-store';
import { agentTables } from './agent-tables';
import { DeliveryStore } from './delivery-store';
import { corroborationOf } from './message-statements';
import { MessageStore } from './message-store';

const address = { url: process.env['DATABASE_URL'] ?? '', schema: `agent_contracts_${process.pid}` };
let source: DataSource;
let stores: Stores;

beforeAll(async () => {
  await migrate(address, agentTables);
  source = await openDataSource(address, agentTables);
  stores = {
    store: new AgentStore(source),
    deliveries: new DeliveryStore(source),
    messages: new MessageStore(source),
    kept: () =>
      source.query(
        'SELECT membership_id AS "membershipId", message_id AS "messageId", via FROM messages ORDER BY position',
      ),
    divergent: () =>
      source.query(
        `SELECT membership_id AS "membershipId", message_id AS "messageId", via, body FROM divergent_copies
         ORDER BY position`,
      ),
    gaps: async () =>
      (
        await source.query<{ via: string; numbers: (number | null)[] }[]>(
          `SELECT via, ARRAY[first_number, last_number, after_time, before_time]::integer[] AS numbers
           FROM gaps ORDER BY position`,
        )
      ).map(({ via, numbers: [from, to, after, before] }) => ({
        ...{ via, from: from!, after: after!, before: before! },
        ...(to !== null && { to }),
      })),
    corroborated: async () =>
      (
        await source.query<{ id: string }[]>(
          `SELECT message_id AS id
           FROM (SELECT *, split_part(membership_id, '/', 2) AS group_link FROM messages) AS message
           JOIN corroborations ON digest = ${corroborationOf('body')} ORDER BY position`,
        )
      ).map(({ id }) => id),
  };
});

beforeEach(async () => {
  const tables = agentTables.entities.map(({ options }) => options.name);
  await source.query(`TRUNCATE ${tables.join(', ')}`);
});

afterAll(async () => {
  await source.query(`DROP SCHEMA ${address.schema} CASCADE`);
  await source.destroy();
});

describe.each([
  ['store', storeContract],
  ['stuck records', stuckContract],
  ['deliveries', deliveriesContract],
  ['newcomers', newcomersContract],
  ['members that are left', leavingContract],
  ['messages', messagesContract],
  ['divergences', divergencesContract],
  ['gaps', gapsContract],
])('on PostgreSQL, the contract of the %s', (_, contract) => {
  it.each(contract)('$title', async ({ check }) => {
    await expect(check(stores)).resolves.toBeUndefined();
  });
});

describe('on PostgreSQL', () => {
  it('a command that was committed late does not overtake what its lane is doing', async () => {
    const { store } = stores;
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let saved = (): void => undefined;
    const isSaved = new Promise<void>((resolve) => (saved = resolve));
    const late = store.commit(async (unit) => {
      await unit.save({ records: [], commands: [command('a', 1)], consumed: [], queues: [], jobs: [] });
      saved();
      await gate;
    });
    await isSaved;
    await save(store, { commands: [command('a', 2)] });
    const leased = async () =>
      (await store.lease({ lanes: 9, perLane: 9, now: 1_000, until: 5_000 })).map(({ id }) => id);
    expect(await leased()).toEqual(['a/2']);
    open();
    await late;
    expect(await leased()).toEqual([]);
    await save(store, { consumed: ['a/2'] });
    expect(await leased()).toEqual(['a/1']);
  });

  it('a connection that breaks is a temporary error, a wrong statement is not', async () => {
    const wrong = () => source.query('SELECT nonsense');
    await expect(temporaryWhenAway(wrong)).rejects.not.toBeInstanceOf(TemporaryError);
    const other = await openDataSource(address, agentTables);
    const broken = () => other.query('SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(temporaryWhenAway(broken)).rejects.toBeInstanceOf(TemporaryError);
    await other.destroy();
  });

  it('who is silent in the middle of a transaction loses it, and its locks; then it is tried again', async () => {
    const { store } = stores;
    const [{ idle_in_transaction_session_timeout: limit }]: [Record<string, string>] = await source.query(
      'SHOW idle_in_transaction_session_timeout',
    );
    expect(limit).toBe('10s');
    await save(store, { commands: [command('a', 1)] });
    const silent = store.commit(async (unit) => {
      await unit.outstanding(['a/1']);
      // as PostgreSQL itself ends the connection after so long
      const ended: unknown[] = await source.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE state = 'idle in transaction'
         AND query LIKE 'SELECT id FROM commands%'`,
      );
      expect(ended).toHaveLength(1);
      await unit.save({ consumed: ['a/1'] });
    });
    await expect(silent).rejects.toBeInstanceOf(TemporaryError);
    await save(store, { consumed: ['a/1'] });
    await expect(store.commit((unit) => unit.outstanding(['a/1']))).resolves.toEqual([]);
  });
});
