import type { DataSource } from 'typeorm';
import type { Messages, NewMessage } from '@chat-relays/agent';
import { temporaryWhenAway } from './agent-store';

/** A member's messages: the first copy of each is kept (step 18). */
export class MessageStore implements Messages {
  constructor(private readonly source: DataSource) {}

  async insert(messages: readonly NewMessage[]): Promise<number> {
    const inserted: unknown[] = await temporaryWhenAway(() =>
      this.source.query(
        `INSERT INTO messages (membership_id, author, message_id, body, via, received_at)
         SELECT membership_id, author, message_id, body, via, received_at
         FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::bigint[]) WITH ORDINALITY
           AS row (membership_id, author, message_id, body, via, received_at, position)
         ORDER BY position ON CONFLICT DO NOTHING RETURNING 1`,
        [
          messages.map(({ membershipId }) => membershipId),
          messages.map(({ author }) => author),
          messages.map(({ messageId }) => messageId),
          messages.map(({ body }) => Buffer.from(body)),
          messages.map(({ via }) => via),
          messages.map(({ receivedAt }) => receivedAt),
        ],
      ),
    );
    return inserted.length;
  }
}
