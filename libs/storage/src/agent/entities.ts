import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

type Columns = Record<string, EntitySchemaColumnOptions>;

const text: EntitySchemaColumnOptions = { type: 'text' };
const optionalText: EntitySchemaColumnOptions = { type: 'text', nullable: true };
const bytes: EntitySchemaColumnOptions = { type: 'bytea' };
const integer: EntitySchemaColumnOptions = { type: 'integer', default: 0 };
/** unix ms */
const moment: EntitySchemaColumnOptions = { type: 'bigint', default: 0 };
const total: EntitySchemaColumnOptions = { type: 'bigint', default: 0 };
const serial: EntitySchemaColumnOptions = { type: 'bigint', generated: 'increment' };

const record = (): Columns => ({
  id: { ...text, primary: true },
  seq: serial,
  identity: text,
  protocol: text,
  attempt: { type: 'integer', default: 1 },
  data: { type: 'jsonb' },
  peer_server: optionalText,
  peer_queue: optionalText,
  trace: optionalText,
  since: moment,
});

type Indices = { name: string; columns: string[]; unique?: true; where?: string }[];

function table(name: string, columns: Columns, indices: Indices = []) {
  for (const column of Object.values(columns)) {
    if (column.primary) column.primaryKeyConstraintName = `${name}_pkey`;
  }
  return new EntitySchema({ name, tableName: name, columns, indices });
}

function secondConnections(name: string, more: Indices = []) {
  return table(name, { ...record(), group_id: text, connection_status: text }, [
    ...more,
    { name: `${name}_since`, columns: ['connection_status', 'since'] },
  ]);
}

/** One table per noun of the RFC; a saga's status is in a column of its own, spelled as upstream spells it. */
export const agentEntities = [
  table(
    'groups',
    {
      ...record(),
      group_status: optionalText,
      relay_own_status: optionalText,
      membership_status: optionalText,
    },
    [{ name: 'groups_relay_own_since', columns: ['relay_own_status', 'since'] }],
  ),
  table('group_relays', { ...record(), group_id: text, relay_status: text }, [
    { name: 'group_relays_of_group', columns: ['group_id', 'seq'] },
    { name: 'group_relays_since', columns: ['relay_status', 'since'] },
  ]),
  secondConnections('relay_connections'),
  table('relay_addresses', { ...record(), address_status: text }),
  table('pool_links', { ...record(), link_status: text }, [
    { name: 'pool_links_of_relay', columns: ['identity', 'link_status', 'seq'] },
  ]),
  secondConnections('owner_connections'),
  secondConnections('priority_connections', [
    { name: 'priority_connections_of_group', columns: ['group_id', 'seq'] },
  ]),
  table('departures', { ...record(), departure_status: text }),
  table(
    'group_members',
    {
      ...record(),
      group_id: text,
      member_status: text,
      behind_job: { type: 'bigint', nullable: true },
      retry_at: moment,
      tries: integer,
    },
    [
      { name: 'group_members_of_group', columns: ['group_id', 'seq'] },
      { name: 'group_members_behind', columns: ['identity', 'group_id'], where: 'behind_job IS NOT NULL' },
      { name: 'group_members_since', columns: ['member_status', 'since'] },
    ],
  ),
  table('member_connections', { ...record(), group_id: text, connection_status: text }, [
    { name: 'member_connections_of_group', columns: ['group_id'] },
    { name: 'member_connections_since', columns: ['connection_status', 'since'] },
  ]),
  table(
    'commands',
    {
      seq: { ...serial, primary: true },
      id: text,
      noun: text,
      record_id: text,
      identity: text,
      protocol: text,
      attempt: integer,
      step: text,
      kind: text,
      send: optionalText,
      lane: text,
      aim: { type: 'jsonb', nullable: true },
      peer_server: optionalText,
      peer_queue: optionalText,
      body: { ...bytes, nullable: true },
      seed: bytes,
      trace: optionalText,
      cause: optionalText,
      tries: integer,
      due_at: moment,
      leased_until: moment,
    },
    [
      { name: 'commands_id', columns: ['id'], unique: true },
      { name: 'commands_lane', columns: ['lane', 'seq'] },
    ],
  ),
  table(
    'receive_queues',
    {
      server: { ...text, primary: true },
      recipient_id: { ...bytes, primary: true },
      noun: text,
      record_id: text,
      identity: text,
      protocol: text,
      purpose: text,
      attempt: { type: 'integer', default: 1 },
      seed: bytes,
      server_dh_key: bytes,
      peer_dh_key: { ...bytes, nullable: true },
      received_id: total,
      received_hash: { ...bytes, nullable: true },
      received_time: { type: 'bigint', nullable: true },
      link_uri: optionalText,
      link_id: { ...bytes, nullable: true },
      fixed_data: { ...bytes, nullable: true },
    },
    [{ name: 'receive_queues_record', columns: ['record_id'] }],
  ),
  table('send_queues', {
    server: { ...text, primary: true },
    sender_id: { ...text, primary: true },
    dh_key: bytes,
    seed: bytes,
    sent_id: total,
    sent_hash: { ...bytes, nullable: true },
  }),
  table(
    'messages',
    {
      position: { ...serial, primary: true },
      membership_id: text,
      author: text,
      message_id: text,
      body: bytes,
      via: text,
      received_at: moment,
    },
    [
      { name: 'messages_once', columns: ['membership_id', 'author', 'message_id'], unique: true },
      { name: 'messages_of_membership', columns: ['membership_id', 'position'] },
    ],
  ),
  table(
    'divergent_copies',
    {
      position: { ...serial, primary: true },
      membership_id: text,
      author: text,
      message_id: text,
      via: text,
      digest: bytes,
      body: bytes,
      received_at: moment,
    },
    [
      {
        name: 'divergent_copies_once',
        columns: ['membership_id', 'author', 'message_id', 'via', 'digest'],
        unique: true,
      },
    ],
  ),
  table(
    'gaps',
    {
      position: { ...serial, primary: true },
      server: text,
      recipient_id: bytes,
      membership_id: text,
      via: text,
      first_number: { type: 'bigint' },
      last_number: { type: 'bigint', nullable: true },
      after_time: { type: 'bigint' },
      before_time: { type: 'bigint' },
      noticed_at: { type: 'bigint' },
    },
    [
      { name: 'gaps_once', columns: ['server', 'recipient_id', 'first_number'], unique: true },
      { name: 'gaps_of_membership', columns: ['membership_id', 'position'] },
    ],
  ),
  table('corroborations', { digest: { ...bytes, primary: true } }),
  table(
    'delivery_jobs',
    {
      id: { ...serial, primary: true },
      relay_own_id: text,
      identity: text,
      author: text,
      message_id: text,
      element: bytes,
      cursor: { type: 'bigint', default: 0 },
      job_status: { type: 'text', default: 'pending' },
      created_at: moment,
    },
    [
      { name: 'delivery_jobs_once', columns: ['relay_own_id', 'author', 'message_id'], unique: true },
      { name: 'delivery_jobs_of_group', columns: ['relay_own_id', 'job_status', 'id'] },
    ],
  ),
  table('posts', { position: { ...serial, primary: true }, group_id: text, message_id: text, body: bytes }, [
    { name: 'posts_of_group', columns: ['group_id', 'position'] },
  ]),
  table('owner_relays', {
    owner: { ...text, primary: true },
    position: { type: 'integer', primary: true },
    name: text,
    address: text,
  }),
  table('group_deliveries', {
    group_link: { ...text, primary: true },
    received: total,
    duplicates: total,
  }),
] as const;
