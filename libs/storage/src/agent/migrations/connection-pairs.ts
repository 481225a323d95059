import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Version 0.3.0: second connections, the pool of links, attempts of queues, and the posts that new relays get. */
export class ConnectionPairs1795640000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['posts', ...connections, 'pool_links']) await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE receive_queues DROP COLUMN attempt');
  }
}

const connections = ['relay_connections', 'owner_connections', 'priority_connections'];

const record = `
    id text NOT NULL, seq bigserial NOT NULL, identity text NOT NULL, protocol text NOT NULL,
    attempt integer NOT NULL DEFAULT 1, data jsonb NOT NULL,
    peer_server text, peer_queue text, trace text, since bigint NOT NULL DEFAULT 0`;

const statements = [
  ...connections.flatMap((name) => [
    `CREATE TABLE ${name} (${record},
    group_id text NOT NULL, connection_status text NOT NULL, CONSTRAINT ${name}_pkey PRIMARY KEY (id))`,
    `CREATE INDEX ${name}_since ON ${name} (connection_status, since)`,
  ]),
  `CREATE TABLE pool_links (${record},
    link_status text NOT NULL, CONSTRAINT pool_links_pkey PRIMARY KEY (id))`,
  `CREATE INDEX pool_links_of_relay ON pool_links (identity, link_status, seq)`,
  `CREATE TABLE posts (
    position bigserial NOT NULL, group_id text NOT NULL, message_id text NOT NULL, body bytea NOT NULL,
    CONSTRAINT posts_pkey PRIMARY KEY (position))`,
  `CREATE INDEX posts_of_group ON posts (group_id, position)`,
  `ALTER TABLE receive_queues ADD COLUMN attempt integer NOT NULL DEFAULT 1`,
];
