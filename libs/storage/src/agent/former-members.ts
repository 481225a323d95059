import type { DataSource } from 'typeorm';
import { type Deliveries, type Former, receiving } from '@chat-relays/agent';
import type { Noun } from '@chat-relays/protocol';
import { commandOf, type CommandRow, queueOf, type QueueRow } from './agent-store';
import { recordTable, storedStatus } from './record-tables';

/** Members that receive and are behind have not got all jobs. */
const isBehind = 'behind_job IS NOT NULL AND member_status = ANY($3)';

const isAfter = (table: string, id: string): string =>
  `seq > coalesce((SELECT seq FROM ${table} WHERE id = ${id}), 0)`;

/** What a relay has of members of a life of its that is over: one page, of one kind of connection after the other. */
export async function formerMembers(
  source: DataSource,
  request: Parameters<Deliveries['former']>[0],
): Promise<Former> {
  const { relayOwnId, life, untold, limit, past } = request;
  const statuses = receiving.map(storedStatus);
  const former = `group_id = $1 AND coalesce((data ->> 'life')::integer, 0) <= $2`;
  const members: { id: string }[] =
    past?.noun === 'priority_connection'
      ? []
      : await source.query(
          `SELECT id FROM group_members WHERE ${former} AND ($4 OR NOT (${isBehind}))
             AND ${isAfter('group_members', '$6')} ORDER BY seq LIMIT $5`,
          [relayOwnId, life, statuses, untold, limit, past?.id ?? null],
        );
  if (members.length > 0)
    return { members: await withQueues(source, 'group_member', members), waiting: false };
  const { table } = recordTable('priority_connection');
  const connections: { id: string }[] = await source.query(
    `SELECT id FROM ${table} WHERE ${former} AND ${isAfter(table, '$4')} ORDER BY seq LIMIT $3`,
    [relayOwnId, life, limit, past?.noun === 'priority_connection' ? past.id : null],
  );
  const [{ waiting }]: [{ waiting: boolean }] = await source.query(
    `SELECT EXISTS (SELECT FROM group_members WHERE ${former} AND ${isBehind}) AS waiting`,
    [relayOwnId, life, statuses],
  );
  return { members: await withQueues(source, 'priority_connection', connections), waiting };
}

async function withQueues(
  source: DataSource,
  noun: Noun,
  rows: readonly { id: string }[],
): Promise<Former['members']> {
  const ids = rows.map(({ id }) => id);
  const mine = 'noun = $1 AND record_id = ANY($2)';
  const queues: QueueRow[] = await source.query(`SELECT * FROM receive_queues WHERE ${mine}`, [noun, ids]);
  const commands: CommandRow[] = await source.query(`SELECT * FROM commands WHERE ${mine} ORDER BY seq`, [
    noun,
    ids,
  ]);
  const queuesById = byRecord(queues.map((row) => [row.record_id, queueOf(row)]));
  const commandsById = byRecord(commands.map((row) => [row.record_id, commandOf(row)]));
  return ids.map((id) => ({
    ...{ noun, id },
    queues: queuesById.get(id) ?? [],
    commands: commandsById.get(id) ?? [],
  }));
}

function byRecord<T>(entries: readonly [id: string, value: T][]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const [id, value] of entries) if (!found.get(id)?.push(value)) found.set(id, [value]);
  return found;
}
