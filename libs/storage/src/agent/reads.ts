import type { DataSource } from 'typeorm';
import type { Noun } from '@chat-relays/protocol';
import { recordTable, statusOf } from './record-tables';

/** A record as it is shown to people. */
export interface Shown<D> {
  readonly id: string;
  readonly protocol: string;
  readonly status: string;
  readonly attempt: number;
  /** unix ms of this status */
  readonly since: number;
  readonly data: D;
}

interface ShownRow {
  id: string;
  protocol: string;
  status: string;
  attempt: number;
  since: string;
  data: unknown;
}

/** Records of one identity, oldest first. */
export async function showRecords<D>(source: DataSource, noun: Noun, identity: string): Promise<Shown<D>[]> {
  const { table, status } = recordTable(noun);
  const rows: ShownRow[] = await source.query(
    `SELECT id, protocol, ${status} AS status, attempt, since, data FROM ${table}
     WHERE ${status} IS NOT NULL AND identity = $1 ORDER BY seq`,
    [identity],
  );
  return rows.map(shown<D>);
}

/** Records that are part of another one, oldest first. */
export async function showPartsOf<D>(source: DataSource, noun: Noun, parent: string): Promise<Shown<D>[]> {
  const { table, status } = recordTable(noun);
  const rows: ShownRow[] = await source.query(
    `SELECT id, protocol, ${status} AS status, attempt, since, data FROM ${table} WHERE group_id = $1 ORDER BY seq`,
    [parent],
  );
  return rows.map(shown<D>);
}

function shown<D>({ id, protocol, status, attempt, since, data }: ShownRow): Shown<D> {
  return { id, protocol, status: statusOf(status), attempt, since: Number(since), data: data as D };
}

/** Commands that wait for their turn, their server or their reply. */
export async function countCommands(source: DataSource): Promise<number> {
  const [{ count }]: { count: string }[] = await source.query('SELECT count(*) FROM commands');
  return Number(count);
}

/** How many records of a noun are in each status. */
export async function countByStatus(source: DataSource, noun: Noun): Promise<Record<string, number>> {
  const { table, status } = recordTable(noun);
  const rows: { status: string; count: string }[] = await source.query(
    `SELECT ${status} AS status, count(*) FROM ${table} WHERE ${status} IS NOT NULL GROUP BY 1`,
  );
  return counts(rows);
}

export function counts(rows: readonly { status: string; count: string }[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ status, count }) => [statusOf(status), Number(count)]));
}
