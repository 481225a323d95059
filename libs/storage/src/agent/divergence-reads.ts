import type { DataSource } from 'typeorm';
import { relayLinkOf } from '@chat-relays/agent';

/** A copy as a relay brought it. */
export interface Copy {
  readonly relayLink: string;
  readonly body: Buffer;
  /** unix ms */
  readonly receivedAt: number;
}

/** What a relay said otherwise than the copy that came first and was kept. */
export interface DivergentCopy extends Copy {
  readonly position: number;
  readonly messageId: string;
  readonly first: Copy;
}

interface Row {
  position: string;
  message_id: string;
  via: string;
  body: Buffer;
  received_at: string;
  first_via: string;
  first_body: Buffer;
  first_received_at: string;
}

/** Evidence of one membership in the order in which it came; of all its messages, or of one. */
export async function divergentCopies(
  source: DataSource,
  membershipId: string,
  { messageId, after, limit }: { messageId?: string; after: number; limit: number },
): Promise<DivergentCopy[]> {
  const rows: Row[] = await source.query(
    `SELECT copy.position, message_id, copy.via, copy.body, copy.received_at,
            first.via AS first_via, first.body AS first_body, first.received_at AS first_received_at
     FROM divergent_copies AS copy JOIN messages AS first USING (membership_id, author, message_id)
     WHERE membership_id = $1 AND ($2::text IS NULL OR message_id = $2) AND copy.position > $3
     ORDER BY copy.position LIMIT $4`,
    [membershipId, messageId ?? null, after, limit],
  );
  return rows.map((row) => ({
    position: Number(row.position),
    messageId: row.message_id,
    ...copyOf(row.via, row.body, row.received_at),
    first: copyOf(row.first_via, row.first_body, row.first_received_at),
  }));
}

function copyOf(via: string, body: Buffer, receivedAt: string): Copy {
  return { relayLink: relayLinkOf(via), body, receivedAt: Number(receivedAt) };
}
