import { type DataSource, QueryFailedError } from 'typeorm';
import {
  type Command,
  type OwnedRef,
  type ReceiveQueue,
  type Store,
  type Stuck,
  type TakenLink,
  TemporaryError,
  type Unit,
} from '@chat-relays/agent';
import type { Noun, QueuePurpose, RecordRef } from '@chat-relays/protocol';
import { AgentUnit } from './agent-unit';
import { recordTable, storedStatus } from './record-tables';
import { stuckRecords } from './stuck-records';
import { positionOf, sendQueueColumns, type SendQueueRow, sendQueueOf } from './queue-positions';

/** The agents' records, commands and receive queues in PostgreSQL. */
export class AgentStore implements Store {
  constructor(private readonly source: DataSource) {}

  async commit<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    return temporaryWhenAway(() => this.source.transaction((manager) => work(new AgentUnit(manager))));
  }

  async lease(request: Parameters<Store['lease']>[0]): Promise<Command[]> {
    const { lanes, perLane, now, until, latest = Number.MAX_SAFE_INTEGER } = request;
    const rows = await temporaryWhenAway(() =>
      this.source.query<CommandRow[]>(
        `WITH idle AS (
           SELECT min(seq) AS seq FROM commands GROUP BY lane
           HAVING bool_and(leased_until NOT BETWEEN $1::bigint + 1 AND $5)
         ), heads AS (
           SELECT lane FROM commands JOIN idle USING (seq)
           WHERE due_at NOT BETWEEN $1::bigint + 1 AND $5 AND leased_until NOT BETWEEN $1::bigint + 1 AND $5
           ORDER BY seq LIMIT $2 FOR UPDATE OF commands SKIP LOCKED
         )
         , leased AS (
           UPDATE commands SET leased_until = $3
           FROM heads CROSS JOIN LATERAL (
             SELECT seq FROM commands WHERE commands.lane = heads.lane ORDER BY seq LIMIT $4
           ) AS run
           WHERE commands.seq = run.seq AND commands.leased_until NOT BETWEEN $1::bigint + 1 AND $5
           RETURNING commands.*
         )
         SELECT leased.*, ${sendQueueColumns} FROM leased
         LEFT JOIN send_queues ON server = peer_server AND sender_id = peer_queue ORDER BY leased.seq`,
        [now, lanes, until, perLane, latest],
      ),
    );
    return rows.map(commandOf);
  }

  async renew(ids: readonly string[], until: number): Promise<void> {
    await temporaryWhenAway(() =>
      this.source.query('UPDATE commands SET leased_until = $2 WHERE id = ANY($1)', [ids, until]),
    );
  }

  async postpone(ids: readonly string[], dueAt: number, tried: boolean): Promise<void> {
    await temporaryWhenAway(() =>
      this.source.query(
        'UPDATE commands SET leased_until = 0, due_at = $2, tries = tries + $3 WHERE id = ANY($1)',
        [ids, dueAt, tried ? 1 : 0],
      ),
    );
  }

  async queues(identity?: string): Promise<ReceiveQueue[]> {
    const rows: QueueRow[] = await temporaryWhenAway(() =>
      this.source.query('SELECT * FROM receive_queues WHERE $1::text IS NULL OR identity = $1', [
        identity ?? null,
      ]),
    );
    return rows.map(queueOf);
  }

  async linkOf({ noun, id }: RecordRef): Promise<ReceiveQueue | undefined> {
    const rows: QueueRow[] = await temporaryWhenAway(() =>
      this.source.query(
        'SELECT * FROM receive_queues WHERE noun = $1 AND record_id = $2 AND link_uri IS NOT NULL',
        [noun, id],
      ),
    );
    return rows.map(queueOf)[0];
  }

  async queuesOf({ noun, id }: RecordRef): Promise<ReceiveQueue[]> {
    const rows: QueueRow[] = await temporaryWhenAway(() =>
      this.source.query('SELECT * FROM receive_queues WHERE noun = $1 AND record_id = $2', [noun, id]),
    );
    return rows.map(queueOf);
  }

  async takeLink({ noun, id }: RecordRef, identity: string, attempt: number): Promise<TakenLink | undefined> {
    return temporaryWhenAway(() =>
      this.source.transaction(async (manager) => {
        const [own]: QueueRow[] = await manager.query(
          `SELECT * FROM receive_queues
           WHERE noun = $1 AND record_id = $2 AND attempt = $3 AND link_uri IS NOT NULL`,
          [noun, id, attempt],
        );
        if (own) {
          const [from]: { id: string }[] = await manager.query(
            `SELECT id FROM pool_links WHERE identity = $1 AND data ->> 'link' = $2`,
            [identity, own.link_uri],
          );
          return { queue: queueOf(own), ...(from && { from: from.id }) };
        }
        // the row that is locked is the one that is changed: another who took it meanwhile is seen
        const [ready]: { id: string }[] = await manager.query(
          `SELECT pool_links.id FROM pool_links JOIN receive_queues ON noun = 'pool_link' AND record_id = pool_links.id
           WHERE pool_links.identity = $1 AND link_status = 'ready'
           ORDER BY pool_links.seq LIMIT 1 FOR UPDATE OF receive_queues SKIP LOCKED`,
          [identity],
        );
        if (!ready) return undefined;
        const { table } = recordTable(noun);
        const [[taken]]: [QueueRow[]] = await manager.query(
          `UPDATE receive_queues SET noun = $1, record_id = $2, attempt = $3,
             protocol = coalesce((SELECT protocol FROM ${table} WHERE id = $2), protocol)
           WHERE noun = 'pool_link' AND record_id = $4 RETURNING *`,
          [noun, id, attempt, ready.id],
        );
        return { queue: queueOf(taken), from: ready.id };
      }),
    );
  }

  async recordsIn(noun: Noun, statuses: readonly string[], identity?: string): Promise<OwnedRef[]> {
    const { table, status } = recordTable(noun);
    const rows: Omit<OwnedRef, 'noun'>[] = await temporaryWhenAway(() =>
      this.source.query(
        `SELECT id, identity, protocol FROM ${table}
         WHERE ${status} = ANY($1) AND ($2::text IS NULL OR identity = $2) ORDER BY id`,
        [statuses.map(storedStatus), identity ?? null],
      ),
    );
    return rows.map((row) => ({ noun, ...row }));
  }

  async stuck(request: Parameters<Store['stuck']>[0]): Promise<Stuck[]> {
    return temporaryWhenAway(() => stuckRecords(this.source, request));
  }
}

/**
 * What says nothing of the bytes that were to be kept, so that these must not be given up for it: connection failures,
 * deadlocks, too little of anything, locks, shutdowns and timeouts, a disk that fails or is damaged (XX000: "could not extend
 * file", where it is a quota and not the disk that is full), and records or commands that another transaction created first.
 */
const temporary = /^(08|25006|25P0[34]|40|53|55|57|58|XX|23505)/;

/** @throws {TemporaryError} when trying again can help */
export async function temporaryWhenAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = (error instanceof QueryFailedError ? error.driverError : error) as {
      code?: string;
      message: string;
    };
    const lost = /ECONN|EPIPE|ETIMEDOUT|terminat|timeout|not queryable|released|driver is not connected/i;
    if (temporary.test(code ?? '') || lost.test(`${code} ${message}`)) throw new TemporaryError(message);
    throw error;
  }
}

export interface CommandRow extends SendQueueRow {
  seq: string;
  id: string;
  noun: Noun;
  record_id: string;
  identity: string;
  protocol: string;
  attempt: number;
  step: string;
  kind: Command['kind'];
  send: Command['send'] | null;
  lane: string;
  aim: Command['aim'] | null;
  peer_server: string | null;
  peer_queue: string | null;
  body: Buffer | null;
  seed: Buffer;
  trace: string | null;
  cause: string | null;
  tries: number;
}

export function commandOf(row: CommandRow): Command {
  const { id, noun, identity, protocol, attempt, step, kind, lane, seed, tries } = row;
  return {
    ...{ id, noun, identity, protocol, attempt, step, kind, lane, seed, tries },
    recordId: row.record_id,
    send: row.send ?? undefined,
    aim: row.aim ?? undefined,
    peer: row.peer_server !== null ? { server: row.peer_server, senderId: row.peer_queue! } : undefined,
    ...(row.dh_key && { to: sendQueueOf(row) }),
    body: row.body ?? undefined,
    trace: row.trace ?? undefined,
    cause: row.cause ?? undefined,
  };
}

export interface QueueRow {
  server: string;
  recipient_id: Buffer;
  noun: Noun;
  record_id: string;
  identity: string;
  protocol: string;
  purpose: QueuePurpose;
  attempt: number;
  seed: Buffer;
  server_dh_key: Buffer;
  peer_dh_key: Buffer | null;
  received_id: string;
  received_hash: Buffer | null;
  received_time: string | null;
  link_uri: string | null;
  link_id: Buffer | null;
  fixed_data: Buffer | null;
}

export function queueOf({
  recipient_id,
  record_id,
  server_dh_key,
  peer_dh_key,
  received_id,
  received_hash,
  received_time,
  link_uri,
  link_id,
  fixed_data,
  ...rest
}: QueueRow): ReceiveQueue {
  return {
    ...rest,
    recipientId: recipient_id,
    id: record_id,
    serverDhKey: server_dh_key,
    ...(peer_dh_key && { peerDhKey: peer_dh_key }),
    received: positionOf(received_id, received_hash),
    ...(received_time !== null && { receivedTime: Number(received_time) }),
    link: link_uri === null ? undefined : { uri: link_uri, linkId: link_id!, fixedData: fixed_data! },
  };
}
