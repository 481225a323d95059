import { asBuffer, isEmpty } from '@chat-relays/smp';
import type { Changes, MessageRecord, QueueMode, QueueRecord, Snapshot } from '@chat-relays/smp';
import type { DataSource } from 'typeorm';

interface QueueRow {
  readonly recipient_id: Buffer;
  readonly sender_id: Buffer;
  readonly recipient_key: Buffer;
  readonly recipient_dh_key: Buffer;
  readonly server_dh_seed: Buffer;
  readonly new_hash: Buffer;
  readonly mode: QueueMode | null;
  readonly link_id: Buffer | null;
  readonly fixed_data: Buffer | null;
  readonly user_data: Buffer | null;
  readonly suspended: boolean;
}

interface MessageRow {
  /** bigint, which the driver gives as text */
  readonly seq: string;
  readonly recipient_id: Buffer;
  readonly msg_id: Buffer;
  readonly body: Buffer;
  readonly quota: boolean;
  readonly trace: string | null;
}

type Query = (statement: string, parameters: unknown[]) => Promise<unknown>;

/** Recipient and message ids, which the server makes. */
const ID_BYTES = 24;

const PUT_QUEUES = `
  INSERT INTO queues (recipient_id, sender_id, recipient_key, recipient_dh_key, server_dh_seed, new_hash, mode,
                      link_id, fixed_data, user_data, suspended)
  SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[],
                       $8::bytea[], $9::bytea[], $10::bytea[], $11::boolean[])
  ON CONFLICT (recipient_id) DO UPDATE SET
    link_id = EXCLUDED.link_id, fixed_data = EXCLUDED.fixed_data, user_data = EXCLUDED.user_data,
    suspended = EXCLUDED.suspended`;

// one statement and so one transaction; ids and bodies come as one binary value: as arrays they would be hex
const CHANGE_MESSAGES = `
  WITH removed AS (DELETE FROM messages WHERE seq = ANY ($1::bigint[]))
  INSERT INTO messages (seq, recipient_id, msg_id, body, quota, trace)
  SELECT seq, substring($2::bytea FROM place FOR ${ID_BYTES}),
         substring($2::bytea FROM place + ${ID_BYTES} FOR ${ID_BYTES}),
         substring($2::bytea FROM place + ${2 * ID_BYTES} FOR length), quota, trace
  FROM unnest($3::bigint[], $4::integer[], $5::integer[], $6::boolean[], $7::text[])
       AS added (seq, place, length, quota, trace)`;

/** What an SMP server has answered for: its queues and the messages in them. */
export class SmpStore {
  constructor(private readonly source: DataSource) {}

  /** Everything; for the start of a server. */
  async load(): Promise<Snapshot> {
    const queues: QueueRow[] = await this.source.query('SELECT * FROM queues');
    const messages: MessageRow[] = await this.source.query('SELECT * FROM messages ORDER BY seq');
    return { queues: queues.map(queueOf), messages: messages.map(messageOf) };
  }

  /** One transaction; when this resolves, the changes outlast a crash. */
  async commit(changes: Changes): Promise<void> {
    if (isEmpty(changes)) return;
    if (changes.putQueues.length === 0 && changes.deletedQueues.length === 0) {
      return changeMessages((statement, parameters) => this.source.query(statement, parameters), changes);
    }
    await this.source.transaction(async (manager) => {
      const query: Query = (statement, parameters) => manager.query(statement, parameters);
      const { deletedQueues, putQueues } = changes;
      if (deletedQueues.length > 0) {
        await query('DELETE FROM queues WHERE recipient_id = ANY ($1::bytea[])', [
          deletedQueues.map(asBuffer),
        ]);
      }
      if (putQueues.length > 0) await query(PUT_QUEUES, queueColumns(putQueues));
      await changeMessages(query, changes);
    });
  }
}

async function changeMessages(query: Query, { addedMessages, removedMessages }: Changes): Promise<void> {
  if (addedMessages.length === 0 && removedMessages.length === 0) return;
  const places: number[] = [];
  const parts: Uint8Array[] = [];
  let place = 1;
  for (const { recipientId, msgId, body } of addedMessages) {
    places.push(place);
    parts.push(recipientId, msgId, body);
    place += 2 * ID_BYTES + body.length;
  }
  await query(CHANGE_MESSAGES, [
    removedMessages,
    Buffer.concat(parts),
    addedMessages.map(({ seq }) => seq),
    places,
    addedMessages.map(({ body }) => body.length),
    addedMessages.map(({ quota }) => quota),
    addedMessages.map(({ trace }) => trace ?? null),
  ]);
}

function queueColumns(rows: readonly QueueRecord[]): unknown[] {
  const column = (value: (row: QueueRecord) => Uint8Array | undefined) =>
    rows.map((row) => {
      const bytes = value(row);
      return bytes ? asBuffer(bytes) : null;
    });
  return [
    column((row) => row.recipientId),
    column((row) => row.senderId),
    column((row) => row.recipientKey),
    column((row) => row.recipientDhKey),
    column((row) => row.serverDhSeed),
    column((row) => row.newHash),
    rows.map((row) => row.mode ?? null),
    column((row) => row.link?.linkId),
    column((row) => row.link?.fixedData),
    column((row) => row.link?.userData),
    rows.map((row) => row.suspended),
  ];
}

function queueOf(row: QueueRow): QueueRecord {
  const { link_id: linkId, fixed_data: fixedData, user_data: userData } = row;
  return {
    recipientId: row.recipient_id,
    senderId: row.sender_id,
    recipientKey: row.recipient_key,
    recipientDhKey: row.recipient_dh_key,
    serverDhSeed: row.server_dh_seed,
    newHash: row.new_hash,
    suspended: row.suspended,
    ...(row.mode && { mode: row.mode }),
    ...(linkId && fixedData && userData && { link: { linkId, fixedData, userData } }),
  };
}

function messageOf(row: MessageRow): MessageRecord {
  return {
    seq: Number(row.seq),
    recipientId: row.recipient_id,
    msgId: row.msg_id,
    body: row.body,
    quota: row.quota,
    ...(row.trace && { trace: row.trace }),
  };
}
