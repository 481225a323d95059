import type { DataSource } from 'typeorm';
import { groupLinkOf, relayLinkOf } from '@chat-relays/agent';
import { divergentCopies, type DivergentCopy } from './divergence-reads';
import { missingMessages, type MissingMessages } from './gap-reads';
import { corroborationOf } from './message-statements';
import { counts } from './reads';

export interface GroupStatus {
  readonly name: string | undefined;
  readonly membersByStatus: Record<string, number>;
  readonly connectionsByStatus: Record<string, number>;
  readonly received: number;
  readonly duplicates: number;
}

export interface Delivery {
  readonly position: number;
  readonly member: string;
  readonly messageId: string;
  readonly receivedAt: number;
}

export interface Message extends Delivery {
  readonly body: Buffer;
  /** the relay that brought it first */
  readonly relayLink: string;
  /** another relay brought the same bytes, to whichever member of this agent */
  readonly corroborated: boolean;
  /** copies that say otherwise, as far as they are kept */
  readonly divergences: number;
}

const groupLink = `data->>'groupLink'`;

/** What members are in and what they got. */
export class MemberReads {
  constructor(private readonly source: DataSource) {}

  async groups(
    member?: string,
  ): Promise<{ link: string; name?: string; members: number; messages: number }[]> {
    const rows: { link: string; name: string | null; members: string; messages: string | null }[] =
      await this.source.query(
        `SELECT ${groupLink} AS link, max(data->'profile'->>'displayName') AS name, count(*) AS members,
                max(received) AS messages
         FROM groups LEFT JOIN group_deliveries ON group_link = ${groupLink}
         WHERE membership_status IS NOT NULL AND ($1::text IS NULL OR identity = $1)
         GROUP BY ${groupLink} ORDER BY min(seq)`,
        [member ?? null],
      );
    return rows.map(({ link, name, members, messages }) => ({
      link,
      name: name ?? undefined,
      members: Number(members),
      messages: Number(messages ?? 0),
    }));
  }

  /** How many of these memberships there are. */
  async known(membershipIds: readonly string[]): Promise<number> {
    const [{ count }]: { count: string }[] = await this.source.query(
      'SELECT count(*) FROM groups WHERE membership_status IS NOT NULL AND id = ANY($1)',
      [membershipIds],
    );
    return Number(count);
  }

  /** The link of the group that has this name, where it is one; links are taken as they are. */
  async linkOf(reference: string): Promise<string | undefined> {
    const rows: { link: string }[] = await this.source.query(
      `SELECT DISTINCT ${groupLink} AS link FROM groups
       WHERE membership_status IS NOT NULL AND (data->'profile'->>'displayName' = $1 OR ${groupLink} = $1) LIMIT 2`,
      [reference],
    );
    return rows.length === 1 ? rows[0].link : undefined;
  }

  async status(link: string): Promise<GroupStatus> {
    const [members, connections, [totals], [profile]] = await Promise.all([
      this.query<{ status: string; count: string }>(
        `SELECT membership_status AS status, count(*) FROM groups
         WHERE membership_status IS NOT NULL AND ${groupLink} = $1 GROUP BY 1`,
        link,
      ),
      this.query<{ status: string; count: string }>(
        `SELECT connection_status AS status, count(*) FROM member_connections WHERE ${groupLink} = $1 GROUP BY 1`,
        link,
      ),
      this.query<{ received: string; duplicates: string } | undefined>(
        'SELECT received, duplicates FROM group_deliveries WHERE group_link = $1',
        link,
      ),
      this.query<{ name: string | null }>(
        `SELECT max(data->'profile'->>'displayName') AS name FROM groups WHERE ${groupLink} = $1`,
        link,
      ),
    ]);
    return {
      name: profile.name ?? undefined,
      membersByStatus: counts(members),
      connectionsByStatus: counts(connections),
      received: Number(totals?.received ?? 0),
      duplicates: Number(totals?.duplicates ?? 0),
    };
  }

  /** Messages in the order in which they came, of one membership. */
  async messages(membershipId: string, after: number, limit: number): Promise<Message[]> {
    const rows: MessageRow[] = await this.source.query(
      `SELECT position, membership_id, message_id, received_at, body, via,
         EXISTS (SELECT FROM corroborations WHERE digest = ${corroborationOf('body')}) AS corroborated,
         (SELECT count(*) FROM divergent_copies AS copy WHERE copy.membership_id = message.membership_id
            AND copy.author = message.author AND copy.message_id = message.message_id) AS divergences
       FROM (SELECT *, $4::text AS group_link FROM messages
             WHERE position > $1 AND membership_id = $3 ORDER BY position LIMIT $2) AS message
       ORDER BY position`,
      [after, limit, membershipId, groupLinkOf(membershipId)],
    );
    return rows.map((row) => ({
      ...deliveryOf(row),
      body: row.body,
      relayLink: relayLinkOf(row.via),
      corroborated: row.corroborated,
      divergences: Number(row.divergences),
    }));
  }

  /** How many relays a member is connected to. */
  async relays(membershipId: string): Promise<number> {
    const [{ count }]: { count: string }[] = await this.source.query(
      `SELECT count(DISTINCT data->>'relayLink') FROM member_connections
       WHERE group_id = $1 AND connection_status = 'connected'`,
      [membershipId],
    );
    return Number(count);
  }

  /** By which protocol a member is in a group; undefined where it is not in it. */
  async protocol(membershipId: string): Promise<string | undefined> {
    const rows: { protocol: string }[] = await this.source.query(
      `SELECT coalesce(data->>'protocol', 'full') AS protocol FROM groups
       WHERE id = $1 AND membership_status IS NOT NULL`,
      [membershipId],
    );
    return rows[0]?.protocol;
  }

  /** Ids of the connections on which a member asks its relays. */
  async priorityConnections(membershipId: string): Promise<string[]> {
    const rows: { id: string }[] = await this.source.query(
      `SELECT id FROM member_connections
       WHERE group_id = $1 AND connection_status = 'connected' AND data->>'purpose' = 'priority' ORDER BY seq`,
      [membershipId],
    );
    return rows.map(({ id }) => id);
  }

  /** What relays said otherwise to one member, in the order in which it came. */
  divergences(
    membershipId: string,
    page: { messageId?: string; after: number; limit: number },
  ): Promise<DivergentCopy[]> {
    return divergentCopies(this.source, membershipId, page);
  }

  /** What never came to one member, in the order in which that was noticed. */
  gaps(membershipId: string, page: { after: number; limit: number }): Promise<MissingMessages[]> {
    return missingMessages(this.source, membershipId, page);
  }

  /** Who got what when, over all members of a group. */
  async groupDeliveries(link: string, after: number, limit: number): Promise<Delivery[]> {
    const rows: DeliveryRow[] = await this.source.query(
      `SELECT position, membership_id, message_id, received_at FROM messages
       WHERE position > $1 AND membership_id IN (
         SELECT id FROM groups WHERE membership_status IS NOT NULL AND ${groupLink} = $3)
       ORDER BY position LIMIT $2`,
      [after, limit, link],
    );
    return rows.map(deliveryOf);
  }

  private async query<R>(sql: string, link: string): Promise<R[]> {
    return this.source.query(sql, [link]);
  }
}

interface MessageRow extends DeliveryRow {
  body: Buffer;
  via: string;
  corroborated: boolean;
  divergences: string;
}

interface DeliveryRow {
  position: string;
  membership_id: string;
  message_id: string;
  received_at: string;
}

function deliveryOf(row: DeliveryRow): Delivery {
  return {
    position: Number(row.position),
    member: row.membership_id.slice(0, row.membership_id.indexOf('/')),
    messageId: row.message_id,
    receivedAt: Number(row.received_at),
  };
}
