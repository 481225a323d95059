/** Where sending to a queue and receiving from one have come: columns of `send_queues` and `receive_queues`. */
import type { Received, SendQueue, Sent } from '@chat-relays/agent';
import type { ChainPosition } from '@chat-relays/smp';

/** Beside the columns of a command or a member, whose own seed has the same name. */
export const sendQueueColumns =
  'server AS to_server, sender_id AS to_queue, dh_key, send_queues.seed AS to_seed, sent_id, sent_hash';

export interface SendQueueRow {
  /** null, as the others, when nothing is sent anywhere */
  readonly to_server: string | null;
  readonly to_queue: string | null;
  readonly dh_key: Buffer | null;
  readonly to_seed: Buffer | null;
  readonly sent_id: string | null;
  readonly sent_hash: Buffer | null;
}

export function positionOf(id: string, hash: Buffer | null): ChainPosition {
  return { id: Number(id), hash: hash ?? Buffer.alloc(0) };
}

export function sendQueueOf(row: SendQueueRow): SendQueue {
  return {
    server: row.to_server!,
    senderId: row.to_queue!,
    dhKey: row.dh_key!,
    seed: row.to_seed!,
    sent: positionOf(row.sent_id!, row.sent_hash),
  };
}

type Query = (statement: string, parameters: unknown[]) => Promise<unknown>;

const bytesOf = (bytes: Uint8Array | undefined): Buffer | null =>
  bytes && bytes.length > 0 ? Buffer.from(bytes) : null;

/** A queue that is known keeps its seed: it may be secured with it already. */
export async function insertSendQueues(query: Query, queues: readonly SendQueue[]): Promise<void> {
  if (queues.length === 0) return;
  await query(
    `INSERT INTO send_queues (server, sender_id, dh_key, seed)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[]) ON CONFLICT DO NOTHING`,
    [
      queues.map(({ server }) => server),
      queues.map(({ senderId }) => senderId),
      queues.map(({ dhKey }) => Buffer.from(dhKey)),
      queues.map(({ seed }) => Buffer.from(seed)),
    ],
  );
}

export async function saveSent(query: Query, sent: readonly Sent[]): Promise<void> {
  if (sent.length === 0) return;
  await query(
    `UPDATE send_queues SET sent_id = row.id, sent_hash = row.hash
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[]) AS row (server, sender_id, id, hash)
     WHERE send_queues.server = row.server AND send_queues.sender_id = row.sender_id`,
    [
      sent.map(({ server }) => server),
      sent.map(({ senderId }) => senderId),
      sent.map(({ position }) => position.id),
      sent.map(({ position }) => bytesOf(position.hash)),
    ],
  );
}

/** Sets what is told, and leaves the rest; `received` are the parameters of `receivedColumns`. */
export const SAVE_RECEIVED = (first: number): string => `
  UPDATE receive_queues SET peer_dh_key = coalesce(told.dh_key, receive_queues.peer_dh_key),
    received_id = coalesce(told.id, receive_queues.received_id),
    received_hash = coalesce(told.hash, receive_queues.received_hash),
    received_time = coalesce(told.time, receive_queues.received_time)
  FROM unnest($${first}::text[], $${first + 1}::bytea[], $${first + 2}::bytea[], $${first + 3}::bigint[],
              $${first + 4}::bytea[], $${first + 5}::bigint[]) AS told (server, recipient_id, dh_key, id, hash, time)
  WHERE receive_queues.server = told.server AND receive_queues.recipient_id = told.recipient_id`;

export function receivedColumns(received: readonly Received[]): unknown[] {
  return [
    received.map(({ server }) => server),
    received.map(({ recipientId }) => Buffer.from(recipientId)),
    received.map(({ peerDhKey }) => bytesOf(peerDhKey)),
    received.map(({ position }) => position?.id ?? null),
    received.map(({ position }) => bytesOf(position?.hash)),
    received.map(({ time }) => time ?? null),
  ];
}

export async function saveReceived(query: Query, received: readonly Received[]): Promise<void> {
  // in one order everywhere, so that two transactions never wait for each other
  await saveGaps(query, received);
  if (received.length > 0) await query(SAVE_RECEIVED(1), receivedColumns(received));
}

export function haveGaps(received: readonly Received[]): boolean {
  return received.some(({ gap }) => gap !== undefined);
}

/** A gap is the queue and where it begins: another process may have seen it, too. */
export async function saveGaps(query: Query, received: readonly Received[]): Promise<void> {
  const found = received.flatMap(({ gap, ...queue }) => (gap ? [{ ...gap, ...queue }] : []));
  if (found.length === 0) return;
  await query(
    `INSERT INTO gaps (server, recipient_id, membership_id, via, first_number, last_number, after_time, before_time,
                       noticed_at)
     SELECT server, recipient_id, membership_id, via, first_number, last_number, after_time, before_time, noticed_at
     FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
                 $8::bigint[], $9::bigint[]) WITH ORDINALITY
       AS row (server, recipient_id, membership_id, via, first_number, last_number, after_time, before_time,
               noticed_at, position)
     ORDER BY position ON CONFLICT DO NOTHING`,
    [
      found.map(({ server }) => server),
      found.map(({ recipientId }) => Buffer.from(recipientId)),
      found.map(({ membershipId }) => membershipId),
      found.map(({ via }) => via),
      found.map(({ from }) => from),
      found.map(({ to }) => to ?? null),
      found.map(({ after }) => after),
      found.map(({ before }) => before),
      found.map(({ noticedAt }) => noticedAt),
    ],
  );
}
