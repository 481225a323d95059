import type { DataSource } from 'typeorm';
import type { Store, Stuck, Waiting } from '@chat-relays/agent';
import type { Noun } from '@chat-relays/protocol';
import {
  recordColumns,
  recordOf,
  type RecordRow,
  recordTable,
  statusOf,
  storedStatus,
} from './record-tables';

interface StuckRow extends RecordRow {
  noun: Noun;
  since: string;
}

/** One statement over the tables of all nouns that may wait; an index on status and time serves each. */
export async function stuckRecords(
  source: DataSource,
  { waiting, before, after, limit }: Parameters<Store['stuck']>[0],
): Promise<Stuck[]> {
  if (waiting.length === 0) return [];
  const parameters: unknown[] = [before, after.since, after.id, limit];
  const selects = tablesOf(waiting, parameters).map(
    ({ noun, table, status, condition }) =>
      `(SELECT '${noun}' AS noun, ${recordColumns}, ${status} AS status, since FROM ${table}
        WHERE ${condition} AND since BETWEEN $2 AND $1 AND (since, id) > ($2, $3) ORDER BY since, id LIMIT $4)`,
  );
  const statement = `${selects.join(' UNION ALL ')} ORDER BY since, id LIMIT $4`;
  const rows: StuckRow[] = await source.query(statement, parameters);
  return rows.map((row) => ({ record: recordOf(row.noun, row), since: Number(row.since) }));
}

/** How many records wait since `before` (unix ms) or longer, where there are any. */
export async function countStuck(
  source: DataSource,
  waiting: readonly Waiting[],
  before: number,
): Promise<{ noun: Noun; status: string; count: number }[]> {
  if (waiting.length === 0) return [];
  const parameters: unknown[] = [before];
  const selects = tablesOf(waiting, parameters).map(
    ({ noun, table, status, condition }) =>
      `SELECT '${noun}' AS noun, ${status} AS status FROM ${table} WHERE ${condition} AND since <= $1`,
  );
  const rows: { noun: Noun; status: string; count: string }[] = await source.query(
    `SELECT noun, status, count(*) FROM (${selects.join(' UNION ALL ')}) AS stuck GROUP BY noun, status`,
    parameters,
  );
  return rows.map(({ noun, status, count }) => ({ noun, status: statusOf(status), count: Number(count) }));
}

/** The table of each noun and protocol, and which of its rows wait; their values are added to the parameters. */
function tablesOf(waiting: readonly Waiting[], parameters: unknown[]) {
  const statuses = new Map<string, Waiting[]>();
  for (const each of waiting) {
    const key = `${each.noun} ${each.protocol}`;
    statuses.set(key, [...(statuses.get(key) ?? []), each]);
  }
  return [...statuses.values()].map((same) => {
    const [{ noun, protocol }] = same;
    const { table, status } = recordTable(noun);
    parameters.push(
      protocol,
      same.map((each) => storedStatus(each.status)),
    );
    const condition = `protocol = $${parameters.length - 1} AND ${status} = ANY($${parameters.length}::text[])`;
    return { noun, table, status, condition };
  });
}
