import { Socket } from 'node:net';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';

/** One half of the storage: the SMP servers' tables or the agents'. */
export interface TableSet {
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

export interface DatabaseAddress {
  readonly url: string;
  /** every service has a schema of its own; statements find it by search_path */
  readonly schema: string;
  /** connections at most */
  readonly poolSize?: number;
  /** for how long a server may say nothing to a connection */
  readonly silenceMs?: number;
}

/** A process that is stopped in the middle of a transaction keeps its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** A server that went away without a word answers no query, and none is asked again before this is noticed. */
const KEEP_ALIVE_MS = 10_000;
/**
 * One whose machine answers, and which itself says nothing, is given up: the connection with it, for a transaction of which a
 * statement was given up alone could be committed by whoever has the connection next. Pools close idle connections sooner.
 */
const SILENCE_MS = 30_000;

/** @throws when the schema's name is not one, or the server cannot be reached */
export async function openDataSource(address: DatabaseAddress, tables: TableSet): Promise<DataSource> {
  return dataSource({ silenceMs: SILENCE_MS, ...address }, tables).initialize();
}

/** Brings the schema to this build's tables. A job's work, never done at the start of a service. */
export async function migrate({ url, schema }: DatabaseAddress, tables: TableSet): Promise<string[]> {
  // making an index takes its time
  const source = await dataSource({ url, schema, poolSize: 1 }, tables).initialize();
  try {
    await source.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    return (await source.runMigrations({ transaction: 'all' })).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

function dataSource(
  { url, schema, poolSize = 8, silenceMs = 0 }: DatabaseAddress,
  tables: TableSet,
): DataSource {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new RangeError(`"${schema}" is not a schema name: lower-case letters, digits and _ are`);
  }
  return new DataSource({
    type: 'postgres',
    url,
    schema,
    entities: [...tables.entities],
    migrations: [...tables.migrations],
    poolSize,
    extra: {
      // TypeORM's `schema` does not reach raw statements
      options: `-c search_path=${schema}`,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      stream: () => impatient(new Socket(), silenceMs),
    },
  });
}

/** @param silenceMs 0: waits for ever */
function impatient(socket: Socket, silenceMs: number): Socket {
  const late = new Error(`timeout: PostgreSQL said nothing for ${silenceMs / 1_000} s`);
  return socket.setTimeout(silenceMs, () => socket.destroy(late));
}
