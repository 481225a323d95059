import type { DataSource } from 'typeorm';
import type { Messages, NewMessage } from '@chat-relays/agent';
import { temporaryWhenAway } from './agent-store';

/** A member's messages: the first copy of each is kept (step 18), and every other one is counted in the same commit. */
export class MessageStore implements Messages {
  constructor(private readonly source: DataSource) {}

  async insert(messages: readonly NewMessage[]): Promise<number> {
    const [{ kept }]: { kept: string }[] = await temporaryWhenAway(() =>
      this.source.query(
        `WITH copy AS (
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::bigint[], $7::text[])
             WITH ORDINALITY
             AS row (membership_id, author, message_id, body, via, received_at, group_link, position)
         ), kept AS (
           INSERT INTO messages (membership_id, author, message_id, body, via, received_at)
           SELECT membership_id, author, message_id, body, via, received_at FROM copy ORDER BY position
           ON CONFLICT DO NOTHING RETURNING membership_id
         ), counted AS (
           INSERT INTO group_deliveries AS total (group_link, received, duplicates)
           SELECT group_link, sum(received), sum(came) - sum(received) FROM (
             SELECT group_link, 0 AS received, count(*) AS came FROM copy GROUP BY 1
             UNION ALL SELECT group_link, count(*), 0 FROM kept JOIN (
               SELECT DISTINCT membership_id, group_link FROM copy) AS membership USING (membership_id) GROUP BY 1
           ) AS counts GROUP BY 1 ORDER BY 1
           ON CONFLICT (group_link) DO UPDATE
             SET received = total.received + excluded.received, duplicates = total.duplicates + excluded.duplicates
         )
         SELECT count(*) AS kept FROM kept`,
        [
          messages.map(({ membershipId }) => membershipId),
          messages.map(({ author }) => author),
          messages.map(({ messageId }) => messageId),
          messages.map(({ body }) => Buffer.from(body)),
          messages.map(({ via }) => via),
          messages.map(({ receivedAt }) => receivedAt),
          messages.map(({ groupLink }) => groupLink),
        ],
      ),
    );
    return Number(kept);
  }
}
