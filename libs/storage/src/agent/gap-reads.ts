import type { DataSource } from 'typeorm';
import { relayLinkOf } from '@chat-relays/agent';

/** Messages of a relay that never came to a member. */
export interface MissingMessages {
  readonly position: number;
  readonly relayLink: string;
  /** their numbers; each may have carried several messages of the group. Without an end nobody knows how many there were. */
  readonly from: number;
  readonly to?: number;
  /** unix ms of the SMP server, of the messages around them; undefined where there was none before, and this agent's where the queue was lost */
  readonly after?: number;
  readonly before: number;
  /** unix ms */
  readonly noticedAt: number;
  /** other relays that the member was connected to all that time, and is, with nothing missing in it */
  readonly others: number;
}

interface Row {
  position: string;
  via: string;
  first_number: string;
  last_number: string | null;
  after_time: string;
  before_time: string;
  noticed_at: string;
  others: string;
}

// times of servers are in seconds: what happened in the same one may have been before or after
const OTHERS = `
  SELECT count(*) FROM member_connections AS other
  WHERE other.group_id = gap.membership_id AND other.connection_status = 'connected'
    AND other.data->>'relayLink' <> split_part(gap.via, ' ', 2)
    AND coalesce(other.data->>'purpose', 'messages') = 'messages'
    AND other.since < gap.after_time * 1000
    AND NOT EXISTS (SELECT FROM gaps AS theirs WHERE theirs.membership_id = gap.membership_id AND theirs.via = other.id
      AND theirs.after_time <= gap.before_time AND theirs.before_time >= gap.after_time)`;

/** What is missing of one membership, in the order in which it was noticed. */
export async function missingMessages(
  source: DataSource,
  membershipId: string,
  { after, limit }: { after: number; limit: number },
): Promise<MissingMessages[]> {
  const rows: Row[] = await source.query(
    `SELECT position, via, first_number, last_number, after_time, before_time, noticed_at, (${OTHERS}) AS others
     FROM gaps AS gap WHERE membership_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
    [membershipId, after, limit],
  );
  return rows.map((row) => ({
    position: Number(row.position),
    relayLink: relayLinkOf(row.via),
    from: Number(row.first_number),
    ...(row.last_number !== null && { to: Number(row.last_number) }),
    ...(row.after_time !== '0' && { after: Number(row.after_time) * 1000 }),
    before: Number(row.before_time) * 1000,
    noticedAt: Number(row.noticed_at),
    others: Number(row.others),
  }));
}
