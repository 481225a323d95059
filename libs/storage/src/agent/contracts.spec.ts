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
import { DeliveryStore, NEWEST_JOBS } from './delivery-store';
import { corroborationOf } from './message-statements';
import { MessageStore } from './message-store';
import { OwnerRelays } from './owner-relays';

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
  it('the newest messages of a group are found without reading those of other groups', async () => {
    await source.query(
      `INSERT INTO delivery_jobs (relay_own_id, identity, author, message_id, element, job_status)
       SELECT 'A/g' || (n % 2), 'A', 'channel', n::text, '', 'complete' FROM generate_series(1, 20000) AS n`,
    );
    await source.query('ANALYZE delivery_jobs');
    const asked = NEWEST_JOBS.replace('$1', `'A/g0'`).replace('$2', '1000');
    const plan: { 'QUERY PLAN': string }[] = await source.query(`EXPLAIN ${asked}`);
    const steps = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(steps).toContain('delivery_jobs_of_group');
    expect(steps).not.toContain('Sort');
  });

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

  it('a list of relays is there although the answer to its COMMIT was lost; twice is told', async () => {
    let answers = 1;
    const losing: DataSource = Object.create(source);
    losing.transaction = async (work: unknown) => {
      await source.transaction(work as () => Promise<void>);
      if (answers-- > 0) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      return undefined as never;
    };
    const relays = new OwnerRelays(losing);
    const list = [{ name: 'relay-1', address: 'a' }];
    await relays.replace('alice', list);
    expect(await relays.list('alice')).toEqual([{ position: 1, ...list[0] }]);
    answers = 2;
    await expect(relays.replace('alice', list)).rejects.toBeInstanceOf(TemporaryError);
  });

  it('a server that says nothing for too long is given up with its connection: no transaction stays half done', async () => {
    const impatient = await openDataSource({ ...address, silenceMs: 200, poolSize: 1 }, agentTables);
    const store = new AgentStore(impatient);
    const locker = source.createQueryRunner();
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE group_relays IN ACCESS EXCLUSIVE MODE');
    const half = store.commit(async (unit) => {
      await unit.save({ commands: [command('half', 1)] });
      await unit.relaysOf('locked');
    });
    await expect(half).rejects.toThrow(/PostgreSQL said nothing for 0.2 s/);
    await expect(half).rejects.toBeInstanceOf(TemporaryError);
    await locker.query('ROLLBACK');
    await locker.release();
    // the pool has another connection, and what is done on it is its own
    await store.commit((unit) => unit.save({ commands: [command('whole', 1)] }));
    await impatient.destroy();
    const ids = 'SELECT id FROM commands WHERE lane IN ($1, $2)';
    expect(await source.query(ids, ['half', 'whole'])).toEqual([{ id: 'whole/1' }]);
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
