import { asBuffer, isEmpty } from '@chat-relays/smp';
import type { Changes, MessageRecord, QueueMode, QueueRecord, QueueStatus, Snapshot } from '@chat-relays/smp';
import type { DataSource } from 'typeorm';
import { decodeMessages, decodeSeqs, encodeMessages, encodeSeqs } from './message-block';
import { MessageJournal } from './message-journal';

interface QueueRow {
  readonly recipient_id: Buffer;
  readonly sender_id: Buffer;
  readonly recipient_keys: Buffer[];
  readonly recipient_dh_key: Buffer;
  readonly sender_key: Buffer | null;
  readonly server_dh_seed: Buffer;
  readonly new_hash: Buffer;
  readonly mode: QueueMode | null;
  readonly link_id: Buffer | null;
  readonly fixed_data: Buffer | null;
  readonly user_data: Buffer | null;
  readonly status: QueueStatus;
  readonly updated_on: number;
}

interface BlockRow {
  /** bigint, which the driver gives as text */
  readonly block: string;
  readonly added: Buffer;
  readonly removed: Buffer;
}

type Query = (statement: string, parameters: unknown[]) => Promise<unknown>;

// an array of arrays has to be a rectangle, so lists of keys travel as one text each
const PUT_QUEUES = `
  INSERT INTO queues (recipient_id, sender_id, recipient_keys, recipient_dh_key, sender_key, server_dh_seed, new_hash,
                      mode, link_id, fixed_data, user_data, status, updated_on)
  SELECT recipient_id, sender_id, recipient_keys::bytea[], recipient_dh_key, sender_key, server_dh_seed, new_hash,
         mode, link_id, fixed_data, user_data, status, updated_on
  FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[],
              $9::bytea[], $10::bytea[], $11::bytea[], $12::text[], $13::integer[])
    AS row (recipient_id, sender_id, recipient_keys, recipient_dh_key, sender_key, server_dh_seed, new_hash, mode,
            link_id, fixed_data, user_data, status, updated_on)
  ON CONFLICT (recipient_id) DO UPDATE SET
    recipient_keys = EXCLUDED.recipient_keys, sender_key = EXCLUDED.sender_key, link_id = EXCLUDED.link_id,
    fixed_data = EXCLUDED.fixed_data, user_data = EXCLUDED.user_data, status = EXCLUDED.status,
    updated_on = EXCLUDED.updated_on`;

const ADD_BLOCK = `
  WITH dropped AS (DELETE FROM message_blocks WHERE block <= $4)
  INSERT INTO message_blocks (block, added, removed) VALUES ($1, $2, $3)`;

/**
 * What an SMP server has answered for: its queues, a row each, and the messages in them, a row for each commit: a row for
 * each message is twice the work for PostgreSQL (ADR 0007).
 */
export class SmpStore {
  private journal: MessageJournal;
  /** the last block that nobody needs any more; it goes with the next commit */
  private dead = 0;

  constructor(
    private readonly source: DataSource,
    private readonly spareBytes?: number,
  ) {
    this.journal = new MessageJournal(spareBytes);
  }

  /** Everything; for the start of a server. */
  async load(): Promise<Snapshot> {
    const queues: QueueRow[] = await this.source.query('SELECT * FROM queues');
    const blocks: BlockRow[] = await this.source.query('SELECT * FROM message_blocks ORDER BY block');
    this.journal = new MessageJournal(this.spareBytes);
    this.dead = 0;
    const messages = new Map<number, MessageRecord>();
    for (const { block, added, removed } of blocks) {
      const [came, went] = [decodeMessages(added), decodeSeqs(removed)];
      for (const message of came) messages.set(message.seq, message);
      for (const seq of went) messages.delete(seq);
      this.journal.add(Number(block), came, went, added.length);
    }
    return {
      queues: queues.map(queueOf),
      messages: [...messages.values()].sort((a, b) => a.seq - b.seq),
    };
  }

  /** One transaction; when this resolves, the changes outlast a crash. After it failed, `load` says what is stored. */
  async commit(changes: Changes): Promise<void> {
    if (isEmpty(changes)) return;
    const { deletedQueues, putQueues, addedMessages, removedMessages } = changes;
    if (putQueues.length === 0 && deletedQueues.length === 0) {
      return this.addBlock(this.query, addedMessages, removedMessages);
    }
    await this.source.transaction(async (manager) => {
      const query: Query = (statement, parameters) => manager.query(statement, parameters);
      if (deletedQueues.length > 0) {
        await query('DELETE FROM queues WHERE recipient_id = ANY ($1::bytea[])', [
          deletedQueues.map(asBuffer),
        ]);
      }
      if (putQueues.length > 0) await query(PUT_QUEUES, queueColumns(putQueues));
      if (addedMessages.length > 0 || removedMessages.length > 0) {
        await this.addBlock(query, addedMessages, removedMessages);
      }
    });
  }

  private readonly query: Query = (statement, parameters) => this.source.query(statement, parameters);

  private async addBlock(
    query: Query,
    messages: readonly MessageRecord[],
    removed: readonly number[],
  ): Promise<void> {
    const { journal } = this;
    const crowded = journal.crowded;
    const moved = crowded === undefined ? [] : await this.liveOf(crowded);
    const added = [...messages, ...moved];
    const bytes = encodeMessages(added);
    const block = journal.nextBlock;
    const upTo = crowded ?? this.dead;
    await query(ADD_BLOCK, [block, bytes, encodeSeqs(removed), upTo]);
    journal.add(block, added, removed, bytes.length);
    this.dead = journal.dropDead() ?? this.dead;
  }

  /** The messages of the oldest block that are still waited for. */
  private async liveOf(block: number): Promise<MessageRecord[]> {
    const [row]: BlockRow[] = await this.source.query('SELECT added FROM message_blocks WHERE block = $1', [
      block,
    ]);
    return row ? decodeMessages(row.added).filter(({ seq }) => this.journal.isLive(seq, block)) : [];
  }
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
    rows.map((row) => arrayText(row.recipientKeys)),
    column((row) => row.recipientDhKey),
    column((row) => row.senderKey),
    column((row) => row.serverDhSeed),
    column((row) => row.newHash),
    rows.map((row) => row.mode ?? null),
    column((row) => row.link?.linkId),
    column((row) => row.link?.fixedData),
    column((row) => row.link?.userData),
    rows.map((row) => row.status),
    rows.map((row) => row.updatedOn),
  ];
}

/** PostgreSQL's text of a bytea[]. */
function arrayText(items: readonly Uint8Array[]): string {
  return `{${items.map((item) => `"\\\\x${asBuffer(item).toString('hex')}"`).join(',')}}`;
}

function queueOf(row: QueueRow): QueueRecord {
  const { link_id: linkId, fixed_data: fixedData, user_data: userData } = row;
  return {
    recipientId: row.recipient_id,
    senderId: row.sender_id,
    recipientKeys: row.recipient_keys,
    recipientDhKey: row.recipient_dh_key,
    serverDhSeed: row.server_dh_seed,
    newHash: row.new_hash,
    status: row.status,
    updatedOn: row.updated_on,
    ...(row.sender_key && { senderKey: row.sender_key }),
    ...(row.mode && { mode: row.mode }),
    ...(linkId && fixedData && userData && { link: { linkId, fixedData, userData } }),
  };
}
