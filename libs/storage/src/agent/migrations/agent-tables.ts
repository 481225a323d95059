import type { MigrationInterface, QueryRunner } from 'typeorm';
import { refuseEarlierTables } from '../../earlier-tables';

/** The agents' tables as of version 0.2.0; entities.ts says the same, by test. */
export class AgentTables1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await refuseEarlierTables(runner, 'receive_queues');
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}

const tables = [
  'groups',
  'group_relays',
  'relay_addresses',
  'group_members',
  'member_connections',
  'commands',
  'receive_queues',
  'send_queues',
  'messages',
  'delivery_jobs',
  'owner_relays',
  'group_deliveries',
];

const statements = [
  `CREATE TABLE groups (
    id text NOT NULL, seq bigserial NOT NULL, identity text NOT NULL, protocol text NOT NULL,
    attempt integer NOT NULL DEFAULT 1, data jsonb NOT NULL,
    peer_server text, peer_queue text, trace text, since bigint NOT NULL DEFAULT 0,
    group_status text, relay_own_status text, membership_status text,
    CONSTRAINT groups_pkey PRIMARY KEY (id))`,
  `CREATE TABLE group_relays (
    id text NOT NULL, seq bigserial NOT NULL, identity text NOT NULL, protocol text NOT NULL,
    attempt integer NOT NULL DEFAULT 1, data jsonb NOT NULL,
    peer_server text, peer_queue text, trace text, since bigint NOT NULL DEFAULT 0,
    group_id text NOT NULL, relay_status text NOT NULL,
    CONSTRAINT group_relays_pkey PRIMARY KEY (id))`,
  `CREATE INDEX group_relays_of_group ON group_relays (group_id, seq)`,
  `CREATE TABLE relay_addresses (
    id text NOT NULL, seq bigserial NOT NULL, identity text NOT NULL, protocol text NOT NULL,
    attempt integer NOT NULL DEFAULT 1, data jsonb NOT NULL,
    peer_server text, peer_queue text, trace text, since bigint NOT NULL DEFAULT 0,
    address_status text NOT NULL,
    CONSTRAINT relay_addresses_pkey PRIMARY KEY (id))`,
  `CREATE TABLE group_members (
    id text NOT NULL, seq bigserial NOT NULL, identity text NOT NULL, protocol text NOT NULL,
    attempt integer NOT NULL DEFAULT 1, data jsonb NOT NULL,
    peer_server text, peer_queue text, trace text, since bigint NOT NULL DEFAULT 0,
    group_id text NOT NULL, member_status text NOT NULL,
    behind_job bigint, retry_at bigint NOT NULL DEFAULT 0, tries integer NOT NULL DEFAULT 0,
    CONSTRAINT group_members_pkey PRIMARY KEY (id))`,
  `CREATE INDEX group_members_of_group ON group_members (group_id, seq)`,
  `CREATE TABLE member_connections (
    id text NOT NULL, seq bigserial NOT NULL, identity text NOT NULL, protocol text NOT NULL,
    attempt integer NOT NULL DEFAULT 1, data jsonb NOT NULL,
    peer_server text, peer_queue text, trace text, since bigint NOT NULL DEFAULT 0,
    group_id text NOT NULL, connection_status text NOT NULL,
    CONSTRAINT member_connections_pkey PRIMARY KEY (id))`,
  `CREATE INDEX member_connections_of_group ON member_connections (group_id)`,
  `CREATE TABLE commands (
    seq bigserial NOT NULL, id text NOT NULL, noun text NOT NULL, record_id text NOT NULL,
    identity text NOT NULL, protocol text NOT NULL, attempt integer NOT NULL DEFAULT 0,
    step text NOT NULL, kind text NOT NULL, send text, lane text NOT NULL, aim jsonb,
    peer_server text, peer_queue text, body bytea, seed bytea NOT NULL, trace text, cause text,
    tries integer NOT NULL DEFAULT 0, due_at bigint NOT NULL DEFAULT 0, leased_until bigint NOT NULL DEFAULT 0,
    CONSTRAINT commands_pkey PRIMARY KEY (seq))`,
  `CREATE UNIQUE INDEX commands_id ON commands (id)`,
  `CREATE INDEX commands_lane ON commands (lane, seq)`,
  `CREATE TABLE receive_queues (
    server text NOT NULL, recipient_id bytea NOT NULL, noun text NOT NULL, record_id text NOT NULL,
    identity text NOT NULL, protocol text NOT NULL, purpose text NOT NULL,
    seed bytea NOT NULL, server_dh_key bytea NOT NULL, peer_dh_key bytea,
    received_id bigint NOT NULL DEFAULT 0, received_hash bytea,
    link_uri text, link_id bytea, fixed_data bytea,
    CONSTRAINT receive_queues_pkey PRIMARY KEY (server, recipient_id)) WITH (fillfactor = 70)`,
  `CREATE INDEX receive_queues_record ON receive_queues (record_id)`,
  `CREATE TABLE send_queues (
    server text NOT NULL, sender_id text NOT NULL, dh_key bytea NOT NULL, seed bytea NOT NULL,
    sent_id bigint NOT NULL DEFAULT 0, sent_hash bytea,
    CONSTRAINT send_queues_pkey PRIMARY KEY (server, sender_id)) WITH (fillfactor = 70)`,
  `CREATE TABLE messages (
    position bigserial NOT NULL, membership_id text NOT NULL, author text NOT NULL, message_id text NOT NULL,
    body bytea NOT NULL, via text NOT NULL, received_at bigint NOT NULL DEFAULT 0,
    CONSTRAINT messages_pkey PRIMARY KEY (position))`,
  `CREATE UNIQUE INDEX messages_once ON messages (membership_id, author, message_id)`,
  `CREATE INDEX messages_of_membership ON messages (membership_id, position)`,
  `CREATE TABLE delivery_jobs (
    id bigserial NOT NULL, relay_own_id text NOT NULL, identity text NOT NULL, author text NOT NULL,
    message_id text NOT NULL, element bytea NOT NULL, cursor bigint NOT NULL DEFAULT 0,
    job_status text NOT NULL DEFAULT 'pending', created_at bigint NOT NULL DEFAULT 0,
    CONSTRAINT delivery_jobs_pkey PRIMARY KEY (id))`,
  `CREATE UNIQUE INDEX delivery_jobs_once ON delivery_jobs (relay_own_id, author, message_id)`,
  `CREATE INDEX delivery_jobs_of_group ON delivery_jobs (relay_own_id, job_status, id)`,
  `CREATE TABLE owner_relays (
    owner text NOT NULL, position integer NOT NULL, name text NOT NULL, address text NOT NULL,
    CONSTRAINT owner_relays_pkey PRIMARY KEY (owner, position))`,
  `CREATE TABLE group_deliveries (
    group_link text NOT NULL, received bigint NOT NULL DEFAULT 0, duplicates bigint NOT NULL DEFAULT 0,
    CONSTRAINT group_deliveries_pkey PRIMARY KEY (group_link))`,
];
