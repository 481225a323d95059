import type { EntityManager } from 'typeorm';
import {
  type Changes,
  type Command,
  HISTORY,
  type JobKey,
  type NewDeliveryJob,
  type NewPost,
  noChanges,
  type QueueId,
  type ReceiveQueue,
  type Unit,
} from '@chat-relays/agent';
import { insertSendQueues, saveReceived, saveSent } from './queue-positions';
import type { Noun, RecordRef, SagaRecord } from '@chat-relays/protocol';
import { recordColumns, recordOf, type RecordRow, recordTable, storedStatus } from './record-tables';

/** One transaction on PostgreSQL: one statement per table, however many rows. */
export class AgentUnit implements Unit {
  constructor(private readonly manager: EntityManager) {}

  async load(refs: readonly RecordRef[]): Promise<SagaRecord[]> {
    const loaded: SagaRecord[] = [];
    for (const [noun, ids] of byNoun(refs, ({ id }) => id)) {
      const { table, status } = recordTable(noun);
      // in one order everywhere, so that two transactions never wait for each other
      const rows: RecordRow[] = await this.manager.query(
        `SELECT ${recordColumns}, ${status} AS status FROM ${table}
         WHERE id = ANY($1) AND ${status} IS NOT NULL ORDER BY id FOR UPDATE`,
        [[...new Set(ids)]],
      );
      loaded.push(...rows.map((row) => recordOf(noun, row)));
    }
    return loaded;
  }

  async outstanding(ids: readonly string[]): Promise<string[]> {
    const rows: { id: string }[] = await this.manager.query(
      'SELECT id FROM commands WHERE id = ANY($1) ORDER BY seq FOR UPDATE',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  async relaysOf(groupId: string): Promise<SagaRecord[]> {
    const { table, status } = recordTable('group_relay');
    const rows: RecordRow[] = await this.manager.query(
      `SELECT ${recordColumns}, ${status} AS status FROM ${table} WHERE group_id = $1 ORDER BY seq`,
      [groupId],
    );
    return rows.map((row) => recordOf('group_relay', row));
  }

  async recentPosts(groupId: string): Promise<NewPost[]> {
    const rows: { message_id: string; body: Buffer }[] = await this.manager.query(
      'SELECT message_id, body FROM posts WHERE group_id = $1 ORDER BY position DESC LIMIT $2',
      [groupId, HISTORY],
    );
    return rows.reverse().map(({ message_id, body }) => ({ groupId, messageId: message_id, body }));
  }

  async save(changes: Partial<Changes>): Promise<void> {
    const saved = { ...noChanges, ...changes };
    const { records, commands, consumed, queues, deleted, forgotten, posts, jobs, withdrawn } = saved;
    const { sendQueues, sent, received } = saved;
    const query = (statement: string, parameters: unknown[]) => this.manager.query(statement, parameters);
    for (const [noun, rows] of byNoun(records, (record) => record)) await this.saveRecords(noun, rows);
    const newcomers = records.filter(isNewMember);
    if (newcomers.length > 0) await this.welcome(newcomers);
    if (consumed.length > 0) await this.manager.query('DELETE FROM commands WHERE id = ANY($1)', [consumed]);
    if (commands.length > 0) await this.insertCommands(commands);
    if (queues.length > 0) await this.insertQueues(queues);
    if (deleted.length > 0) await this.deleteQueues(deleted);
    for (const [noun, ids] of byNoun(forgotten, ({ id }) => id)) await this.forget(noun, ids);
    if (posts.length > 0) await this.insertPosts(posts);
    if (withdrawn.length > 0) await this.withdrawJobs(withdrawn);
    if (jobs.length > 0) await this.insertJobs(jobs);
    await insertSendQueues(query, sendQueues);
    await saveSent(query, sent);
    await saveReceived(query, received);
  }

  private async saveRecords(noun: Noun, records: readonly SagaRecord[]): Promise<void> {
    const { table, status } = recordTable(noun);
    const parents = records.map(({ parent }) => parent);
    const child = parents.some((parent) => parent !== undefined);
    const columns = [
      'id',
      'identity',
      'protocol',
      'attempt',
      'data',
      'peer_server',
      'peer_queue',
      'trace',
      status,
    ];
    await this.manager.query(
      `INSERT INTO ${table} (${columns.join(', ')}, since${child ? ', group_id' : ''})
       SELECT id, identity, protocol, attempt, data::jsonb, peer_server, peer_queue, trace, status,
              ${nowMs}${child ? ', group_id' : ''}
       FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[],
                   $9::text[]${child ? ', $10::text[]' : ''})
         AS row (id, identity, protocol, attempt, data, peer_server, peer_queue, trace, status${child ? ', group_id' : ''})
       ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt, data = excluded.data, trace = excluded.trace,
         peer_server = excluded.peer_server, peer_queue = excluded.peer_queue, ${status} = excluded.${status},
         since = CASE WHEN ${table}.${status} = excluded.${status} THEN ${table}.since ELSE excluded.since END`,
      [
        records.map(({ id }) => id),
        records.map(({ identity }) => identity),
        records.map(({ protocol }) => protocol),
        records.map(({ attempt }) => attempt),
        records.map(({ data }) => JSON.stringify(data)),
        records.map(({ peer }) => peer?.server),
        records.map(({ peer }) => peer?.senderId),
        records.map(({ trace }) => trace),
        records.map((record) => storedStatus(record.status)),
        ...(child ? [parents] : []),
      ],
    );
  }

  /** One that is outstanding will have its reply: it is not asked for twice. */
  private async insertCommands(commands: readonly Command[]): Promise<void> {
    await this.manager.query(
      `INSERT INTO commands (id, noun, record_id, identity, protocol, attempt, step, kind, send, lane, aim,
                             peer_server, peer_queue, body, seed, trace, cause)
       SELECT id, noun, record_id, identity, protocol, attempt, step, kind, send, lane, aim::jsonb,
              peer_server, peer_queue, body, seed, trace, cause
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::text[],
                   $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::bytea[],
                   $16::text[], $17::text[]) WITH ORDINALITY
         AS row (id, noun, record_id, identity, protocol, attempt, step, kind, send, lane, aim,
                 peer_server, peer_queue, body, seed, trace, cause, position)
       ORDER BY position ON CONFLICT (id) DO NOTHING`,
      [
        commands.map(({ id }) => id),
        commands.map(({ noun }) => noun),
        commands.map(({ recordId }) => recordId),
        commands.map(({ identity }) => identity),
        commands.map(({ protocol }) => protocol),
        commands.map(({ attempt }) => attempt),
        commands.map(({ step }) => step),
        commands.map(({ kind }) => kind),
        commands.map(({ send }) => send),
        commands.map(({ lane }) => lane),
        commands.map(({ aim }) => aim && JSON.stringify(aim)),
        commands.map(({ peer }) => peer?.server),
        commands.map(({ peer }) => peer?.senderId),
        commands.map(({ body }) => body && Buffer.from(body)),
        commands.map(({ seed }) => Buffer.from(seed)),
        commands.map(({ trace }) => trace),
        commands.map(({ cause }) => cause),
      ],
    );
  }

  /** A command that is tried again makes the same queue. */
  private async insertQueues(queues: readonly ReceiveQueue[]): Promise<void> {
    await this.manager.query(
      `INSERT INTO receive_queues (server, recipient_id, noun, record_id, identity, protocol, purpose,
                                   link_uri, link_id, fixed_data, seed, server_dh_key, attempt)
       SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                            $8::text[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[], $13::integer[])
       ON CONFLICT DO NOTHING`,
      [
        queues.map(({ server }) => server),
        queues.map(({ recipientId }) => Buffer.from(recipientId)),
        queues.map(({ noun }) => noun),
        queues.map(({ id }) => id),
        queues.map(({ identity }) => identity),
        queues.map(({ protocol }) => protocol),
        queues.map(({ purpose }) => purpose),
        queues.map(({ link }) => link?.uri),
        queues.map(({ link }) => link && Buffer.from(link.linkId)),
        queues.map(({ link }) => link && Buffer.from(link.fixedData)),
        queues.map(({ seed }) => Buffer.from(seed)),
        queues.map(({ serverDhKey }) => Buffer.from(serverDhKey)),
        queues.map(({ attempt }) => attempt),
      ],
    );
  }

  private async deleteQueues(queues: readonly QueueId[]): Promise<void> {
    await this.manager.query(
      `DELETE FROM receive_queues USING unnest($1::text[], $2::bytea[]) AS gone (server, recipient_id)
       WHERE receive_queues.server = gone.server AND receive_queues.recipient_id = gone.recipient_id`,
      [queues.map(({ server }) => server), queues.map(({ recipientId }) => Buffer.from(recipientId))],
    );
  }

  private async forget(noun: Noun, ids: readonly string[]): Promise<void> {
    const { table } = recordTable(noun);
    // locked first, so that a queue that another transaction adds to one of them is seen below
    await this.manager.query(`SELECT id FROM ${table} WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [ids]);
    await this.manager.query(
      `WITH gone AS (
         DELETE FROM ${table} WHERE id = ANY($1)
           AND NOT EXISTS (SELECT FROM receive_queues WHERE noun = $2 AND record_id = ${table}.id)
           AND NOT EXISTS (SELECT FROM commands WHERE noun = $2 AND record_id = ${table}.id)
         RETURNING peer_server, peer_queue)
       DELETE FROM send_queues USING gone WHERE server = peer_server AND sender_id = peer_queue`,
      [ids, noun],
    );
  }

  /** Keeps the newest of each group. */
  private async insertPosts(posts: readonly NewPost[]): Promise<void> {
    await this.manager.query(
      `INSERT INTO posts (group_id, message_id, body)
       SELECT group_id, message_id, body FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY
         AS row (group_id, message_id, body, position) ORDER BY position`,
      [
        posts.map(({ groupId }) => groupId),
        posts.map(({ messageId }) => messageId),
        posts.map(({ body }) => Buffer.from(body)),
      ],
    );
    await this.manager.query(
      `DELETE FROM posts USING (
         SELECT id, (SELECT position FROM posts WHERE group_id = id ORDER BY position DESC OFFSET $2 LIMIT 1) AS last
         FROM unnest($1::text[]) AS id) AS old
       WHERE group_id = old.id AND position <= old.last`,
      [[...new Set(posts.map(({ groupId }) => groupId))], HISTORY],
    );
  }

  /** Who comes, or comes again, gets what was said before, and what is said until it is in, as those do that fell behind. */
  private async welcome(members: readonly SagaRecord[]): Promise<void> {
    await this.manager.query(
      `UPDATE group_members SET retry_at = 0, tries = 0, behind_job = coalesce((
         SELECT min(recent.id) FROM (
           SELECT id FROM delivery_jobs WHERE relay_own_id = group_members.group_id AND job_status = 'complete'
           ORDER BY id DESC LIMIT $2) AS recent), 0)
       WHERE id = ANY($1)`,
      [members.map(({ id }) => id), HISTORY],
    );
  }

  private async withdrawJobs(jobs: readonly JobKey[]): Promise<void> {
    await this.manager.query(
      `UPDATE delivery_jobs SET job_status = 'withdrawn'
       FROM unnest($1::text[], $2::text[], $3::text[]) AS row (relay_own_id, author, message_id)
       WHERE delivery_jobs.relay_own_id = row.relay_own_id AND delivery_jobs.author = row.author
         AND delivery_jobs.message_id = row.message_id`,
      [
        jobs.map(({ relayOwnId }) => relayOwnId),
        jobs.map(({ author }) => author),
        jobs.map(({ messageId }) => messageId),
      ],
    );
  }

  private async insertJobs(jobs: readonly NewDeliveryJob[]): Promise<void> {
    await this.manager.query(
      `INSERT INTO delivery_jobs (relay_own_id, identity, author, message_id, element, created_at)
       SELECT relay_own_id, identity, author, message_id, element, ${nowMs}
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[]) WITH ORDINALITY
         AS row (relay_own_id, identity, author, message_id, element, position)
       ORDER BY position ON CONFLICT DO NOTHING`,
      [
        jobs.map(({ relayOwnId }) => relayOwnId),
        jobs.map(({ identity }) => identity),
        jobs.map(({ author }) => author),
        jobs.map(({ messageId }) => messageId),
        jobs.map(({ element }) => Buffer.from(element)),
      ],
    );
  }
}

function isNewMember({ noun, status }: SagaRecord): boolean {
  return noun === 'group_member' && storedStatus(status) === 'new';
}

/** unix ms */
const nowMs = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

function byNoun<R extends RecordRef, T>(refs: readonly R[], pick: (ref: R) => T): Map<Noun, T[]> {
  const sorted = new Map<Noun, T[]>();
  for (const ref of refs) {
    const list = sorted.get(ref.noun) ?? [];
    list.push(pick(ref));
    sorted.set(ref.noun, list);
  }
  return sorted;
}
