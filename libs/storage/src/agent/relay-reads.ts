import type { DataSource } from 'typeorm';
import { receiving } from '@chat-relays/protocol';
import { storedStatus } from './record-tables';

export interface RelayLoad {
  readonly members: number;
  readonly pending: number;
}

/** How much a relay has to do, by group (relay record). */
export async function relayLoads(source: DataSource, identity: string): Promise<Map<string, RelayLoad>> {
  const rows: { id: string; members: string; pending: string }[] = await source.query(
    `SELECT id,
       (SELECT count(*) FROM group_members WHERE group_id = groups.id AND member_status = ANY($2)) AS members,
       (SELECT count(*) FROM delivery_jobs WHERE relay_own_id = groups.id AND job_status = 'pending') AS pending
     FROM groups WHERE relay_own_status IS NOT NULL AND identity = $1`,
    [identity, receiving.map(storedStatus)],
  );
  return new Map(
    rows.map(({ id, members, pending }) => [id, { members: Number(members), pending: Number(pending) }]),
  );
}
