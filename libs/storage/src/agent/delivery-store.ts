import type { DataSource } from 'typeorm';
import type {
  Behind,
  Deliveries,
  DeliveryJob,
  Former,
  MemberAttempt,
  Recipient,
  Sent,
} from '@chat-relays/agent';
import { receiving } from '@chat-relays/agent';
import { temporaryWhenAway } from './agent-store';
import { formerMembers } from './former-members';
import { saveSent, sendQueueColumns, sendQueueOf, type SendQueueRow } from './queue-positions';
import { storedStatus } from './record-tables';

/**
 * In the order of their index, which is the newest first, too: withdrawn, pending, complete. By their ids alone all that
 * other groups got since would be read, for each page.
 */
export const NEWEST_JOBS =
  'SELECT id FROM delivery_jobs WHERE relay_own_id = $1 ORDER BY job_status DESC, id DESC LIMIT $2';

const receivingStatuses = receiving.map(storedStatus);

/** A relay's delivery jobs in PostgreSQL: one row per message, one cursor, one row per member that fell behind. */
export class DeliveryStore implements Deliveries {
  constructor(private readonly source: DataSource) {}

  async pending(identity: string, now: number, latest = Number.MAX_SAFE_INTEGER): Promise<string[]> {
    const rows = await this.query<{ id: string }>(
      `SELECT relay_own_id AS id FROM delivery_jobs WHERE job_status = 'pending' AND identity = $1
       UNION SELECT group_id FROM group_members
       WHERE behind_job IS NOT NULL AND retry_at NOT BETWEEN $2::bigint + 1 AND $4 AND identity = $1
         AND member_status = ANY($3)`,
      [identity, now, receivingStatuses, latest],
    );
    return rows.map(({ id }) => id);
  }

  async next(relayOwnId: string, limit: number): Promise<DeliveryJob[]> {
    const rows = await this.query<JobRow>(
      `SELECT id, relay_own_id, element, cursor FROM delivery_jobs
       WHERE relay_own_id = $1 AND job_status = 'pending' ORDER BY id LIMIT $2`,
      [relayOwnId, limit],
    );
    const together = rows.findIndex(({ cursor }) => cursor !== rows[0].cursor);
    return rows.slice(0, together < 0 ? rows.length : together).map(jobOf);
  }

  async recipients(relayOwnId: string, after: number, limit: number): Promise<Recipient[]> {
    const rows = await this.query<RecipientRow>(
      `SELECT id, attempt, seq, ${sendQueueColumns} FROM ${membersAndQueues}
       WHERE group_id = $1 AND seq > $2 AND behind_job IS NULL AND member_status = ANY($3) ORDER BY seq LIMIT $4`,
      [relayOwnId, after, receivingStatuses, limit],
    );
    return rows.map(recipientOf);
  }

  async advance(
    jobs: readonly DeliveryJob[],
    cursor: number | 'complete',
    behind: readonly Behind[],
    sent: readonly Sent[],
  ): Promise<void> {
    await temporaryWhenAway(() =>
      this.source.transaction(async (manager) => {
        if (behind.length > 0) await manager.query(fallBehind, behindColumns(behind));
        await saveSent((statement, parameters) => manager.query(statement, parameters), sent);
        await manager.query(
          `UPDATE delivery_jobs SET cursor = $2, job_status = $3 WHERE id = ANY($1) AND job_status = 'pending'`,
          cursor === 'complete'
            ? [jobs.map(({ id }) => id), jobs[0].cursor, 'complete']
            : [jobs.map(({ id }) => id), cursor, 'pending'],
        );
      }),
    );
  }

  async due(
    relayOwnId: string,
    now: number,
    limit: number,
    latest = Number.MAX_SAFE_INTEGER,
  ): Promise<(Recipient & Behind)[]> {
    const rows = await this.query<RecipientRow & { behind_job: string; retry_at: string; tries: number }>(
      `SELECT id, attempt, seq, ${sendQueueColumns}, behind_job, retry_at, tries FROM ${membersAndQueues}
       WHERE group_id = $1 AND behind_job IS NOT NULL AND retry_at NOT BETWEEN $2::bigint + 1 AND $5
         AND member_status = ANY($3) ORDER BY seq LIMIT $4`,
      [relayOwnId, now, receivingStatuses, limit, latest],
    );
    return rows.map((row) => ({
      ...recipientOf(row),
      jobId: Number(row.behind_job),
      retryAt: Number(row.retry_at),
      tries: row.tries,
    }));
  }

  async completed(relayOwnId: string, from: number, limit: number): Promise<DeliveryJob[]> {
    const rows = await this.query<JobRow>(
      `SELECT id, relay_own_id, element, cursor FROM delivery_jobs
       WHERE relay_own_id = $1 AND id >= $2 AND job_status = 'complete' ORDER BY id LIMIT $3`,
      [relayOwnId, from, limit],
    );
    return rows.map(jobOf);
  }

  async newest(relayOwnId: string, limit: number): Promise<DeliveryJob[]> {
    const rows = await this.query<JobRow>(
      `SELECT id, relay_own_id, element, cursor FROM delivery_jobs
       WHERE relay_own_id = $1 AND job_status = 'complete' ORDER BY id DESC LIMIT $2`,
      [relayOwnId, limit],
    );
    return rows.reverse().map(jobOf);
  }

  async caughtUp({ memberId, attempt }: MemberAttempt, upTo: number, sent: readonly Sent[]): Promise<void> {
    await temporaryWhenAway(() =>
      this.source.transaction(async (manager) => {
        await saveSent((statement, parameters) => manager.query(statement, parameters), sent);
        await manager.query(
          `UPDATE group_members SET retry_at = 0, tries = 0, behind_job = (
             SELECT min(id) FROM delivery_jobs
             WHERE relay_own_id = group_members.group_id AND job_status = 'complete' AND id > $2)
           WHERE id = $1 AND attempt = $3`,
          [memberId, upTo, attempt],
        );
      }),
    );
  }

  async stillBehind(behind: readonly Behind[]): Promise<void> {
    await this.query(fallBehind, behindColumns(behind));
  }

  async former(request: Parameters<Deliveries['former']>[0]): Promise<Former> {
    return temporaryWhenAway(() => formerMembers(this.source, request));
  }

  async forget(relayOwnId: string, statuses: readonly string[], limit: number): Promise<number> {
    const rows = await temporaryWhenAway(() =>
      this.source.transaction(async (manager) => {
        // who is invited again meanwhile has to wait, or is seen
        const over: unknown[] = await manager.query(
          'SELECT id FROM groups WHERE id = $1 AND relay_own_status = ANY($2) FOR UPDATE',
          [relayOwnId, statuses.map(storedStatus)],
        );
        if (over.length === 0) return [];
        const [deleted]: [unknown[]] = await manager.query(
          `DELETE FROM delivery_jobs WHERE id IN (${NEWEST_JOBS}) RETURNING id`,
          [relayOwnId, limit],
        );
        return deleted;
      }),
    );
    return rows.length;
  }

  private query<R>(sql: string, parameters: unknown[]): Promise<R[]> {
    return temporaryWhenAway(() => this.source.query<R[]>(sql, parameters));
  }
}

const membersAndQueues = 'group_members JOIN send_queues ON server = peer_server AND sender_id = peer_queue';

const fallBehind = `
  UPDATE group_members SET behind_job = row.job, retry_at = row.retry_at, tries = row.tries
  FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::integer[])
    AS row (id, attempt, job, retry_at, tries)
  WHERE group_members.id = row.id AND group_members.attempt = row.attempt`;

function behindColumns(behind: readonly Behind[]): unknown[] {
  return [
    behind.map(({ memberId }) => memberId),
    behind.map(({ attempt }) => attempt),
    behind.map(({ jobId }) => jobId),
    behind.map(({ retryAt }) => retryAt),
    behind.map(({ tries }) => tries),
  ];
}

interface JobRow {
  id: string;
  relay_own_id: string;
  element: Buffer;
  cursor: string;
}

function jobOf(row: JobRow): DeliveryJob {
  return {
    id: Number(row.id),
    relayOwnId: row.relay_own_id,
    element: row.element,
    cursor: Number(row.cursor),
  };
}

interface RecipientRow extends SendQueueRow {
  id: string;
  attempt: number;
  seq: string;
}

function recipientOf(row: RecipientRow): Recipient {
  return { memberId: row.id, attempt: row.attempt, seq: Number(row.seq), peer: sendQueueOf(row) };
}
