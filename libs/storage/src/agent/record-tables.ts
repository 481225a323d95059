import type { Noun, SagaRecord } from '@chat-relays/protocol';

/** Where the records of each noun are, and which column is their status. */
const recordTables: { readonly [N in Noun]?: { readonly table: string; readonly status: string } } = {
  group: { table: 'groups', status: 'group_status' },
  group_relay: { table: 'group_relays', status: 'relay_status' },
  relay_connection: { table: 'relay_connections', status: 'connection_status' },
  relay_address: { table: 'relay_addresses', status: 'address_status' },
  pool_link: { table: 'pool_links', status: 'link_status' },
  relay_own: { table: 'groups', status: 'relay_own_status' },
  owner_connection: { table: 'owner_connections', status: 'connection_status' },
  departure: { table: 'departures', status: 'departure_status' },
  group_member: { table: 'group_members', status: 'member_status' },
  priority_connection: { table: 'priority_connections', status: 'connection_status' },
  membership: { table: 'groups', status: 'membership_status' },
  member_connection: { table: 'member_connections', status: 'connection_status' },
};

/** @throws {RangeError} for a noun that is not stored record by record */
export function recordTable(noun: Noun): { readonly table: string; readonly status: string } {
  const found = recordTables[noun];
  if (!found) throw new RangeError(`${noun} has no record table`);
  return found;
}

/** `LinkCreated` in the tables of the protocol is `link_created` in the database, as upstream spells it. */
export function storedStatus(status: string): string {
  return status.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase();
}

export function statusOf(stored: string): string {
  return stored.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export interface RecordRow {
  id: string;
  identity: string;
  protocol: string;
  status: string;
  attempt: number;
  data: Record<string, unknown>;
  peer_server: string | null;
  peer_queue: string | null;
  trace: string | null;
}

export const recordColumns = 'id, identity, protocol, attempt, data, peer_server, peer_queue, trace';

export function recordOf(noun: Noun, row: RecordRow): SagaRecord {
  return {
    noun,
    id: row.id,
    identity: row.identity,
    protocol: row.protocol,
    status: statusOf(row.status),
    attempt: row.attempt,
    data: row.data,
    peer:
      row.peer_server !== null && row.peer_queue !== null
        ? { server: row.peer_server, senderId: row.peer_queue }
        : undefined,
    trace: row.trace ?? undefined,
  };
}
