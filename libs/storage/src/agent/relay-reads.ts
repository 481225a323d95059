import type { DataSource } from 'typeorm';
import { receiving } from '@chat-relays/agent';
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

export interface RelayFigures {
  readonly members: number;
  /** sends that pending jobs still have to make, and members that are behind */
  readonly pendingDeliveries: number;
  readonly oldestPendingSeconds: number;
  readonly messages24h: number;
}

export async function relayFigures(source: DataSource, identity: string): Promise<RelayFigures> {
  const [row]: Record<'members' | 'pending' | 'oldest' | 'messages', string | null>[] = await source.query(
    `WITH receiver AS (
       SELECT group_id, seq, behind_job FROM group_members WHERE identity = $1 AND member_status = ANY($2)
     ), job AS (
       SELECT relay_own_id, cursor, created_at, job_status FROM delivery_jobs WHERE identity = $1
     )
     SELECT (SELECT count(*) FROM receiver) AS members,
       (SELECT count(*) FROM job JOIN receiver ON group_id = relay_own_id AND seq > cursor WHERE job_status = 'pending')
         + (SELECT count(*) FROM receiver WHERE behind_job IS NOT NULL) AS pending,
       (SELECT extract(epoch FROM clock_timestamp()) - min(created_at) / 1000.0
        FROM job WHERE job_status = 'pending') AS oldest,
       (SELECT count(*) FROM job
        WHERE created_at > (extract(epoch FROM clock_timestamp()) - 86400) * 1000) AS messages`,
    [identity, receiving.map(storedStatus)],
  );
  return {
    members: Number(row.members),
    pendingDeliveries: Number(row.pending),
    oldestPendingSeconds: Number(row.oldest ?? 0),
    messages24h: Number(row.messages),
  };
}
