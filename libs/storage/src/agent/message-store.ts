import type { DataSource } from 'typeorm';
import type { Messages, NewMessage, Received } from '@chat-relays/agent';
import { temporaryWhenAway } from './agent-store';
import { receivedColumns, SAVE_RECEIVED } from './queue-positions';

// bodies come as one binary value: in an array they would be hex
const INSERT = `
  WITH copy AS (
    SELECT membership_id, author, message_id, substring($4::bytea FROM place FOR length) AS body, via, received_at,
           group_link, position
    FROM unnest($1::text[], $2::text[], $3::text[], $5::integer[], $6::integer[], $7::text[], $8::bigint[], $9::text[])
      WITH ORDINALITY
      AS row (membership_id, author, message_id, place, length, via, received_at, group_link, position)
  ), kept AS (
    INSERT INTO messages (membership_id, author, message_id, body, via, received_at)
    SELECT membership_id, author, message_id, body, via, received_at FROM copy ORDER BY position
    ON CONFLICT DO NOTHING RETURNING membership_id
  ), moved AS (${SAVE_RECEIVED(10)}), counted AS (
    INSERT INTO group_deliveries AS total (group_link, received, duplicates)
    SELECT group_link, sum(received), sum(came) - sum(received) FROM (
      SELECT group_link, 0 AS received, count(*) AS came FROM copy GROUP BY 1
      UNION ALL SELECT group_link, count(*), 0 FROM kept JOIN (
        SELECT DISTINCT membership_id, group_link FROM copy) AS membership USING (membership_id) GROUP BY 1
    ) AS counts GROUP BY 1 ORDER BY 1
    ON CONFLICT (group_link) DO UPDATE
      SET received = total.received + excluded.received, duplicates = total.duplicates + excluded.duplicates
  )
  SELECT count(*) AS kept FROM kept`;

/** A member's messages: the first copy of each is kept (step 18), and every other one is counted in the same commit. */
export class MessageStore implements Messages {
  constructor(private readonly source: DataSource) {}

  async insert(messages: readonly NewMessage[], received: readonly Received[]): Promise<number> {
    const { bytes, places } = packed(messages);
    const [{ kept }]: { kept: string }[] = await temporaryWhenAway(() =>
      this.source.query(INSERT, [
        messages.map(({ membershipId }) => membershipId),
        messages.map(({ author }) => author),
        messages.map(({ messageId }) => messageId),
        bytes,
        places,
        messages.map(({ body }) => body.length),
        messages.map(({ via }) => via),
        messages.map(({ receivedAt }) => receivedAt),
        messages.map(({ groupLink }) => groupLink),
        ...receivedColumns(received),
      ]),
    );
    return Number(kept);
  }
}

/** A body once, however many members got it: what one message id brings is the same bytes unless somebody altered it. */
function packed(messages: readonly NewMessage[]): { bytes: Buffer; places: number[] } {
  const known = new Map<string, { readonly body: Uint8Array; readonly place: number }>();
  const parts: Uint8Array[] = [];
  let end = 1;
  const places = messages.map(({ messageId, body }) => {
    const same = known.get(messageId);
    if (same && Buffer.compare(same.body, body) === 0) return same.place;
    const place = end;
    known.set(messageId, { body, place });
    parts.push(body);
    end += body.length;
    return place;
  });
  return { bytes: Buffer.concat(parts), places };
}
