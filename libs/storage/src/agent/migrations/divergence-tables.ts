import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What relays said otherwise than the first copy, and which bytes came from two relays. */
export class DivergenceTables1795600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['divergent_copies', 'corroborations']) await runner.query(`DROP TABLE ${table}`);
  }
}

const statements = [
  `CREATE TABLE divergent_copies (
    position bigserial NOT NULL, membership_id text NOT NULL, author text NOT NULL, message_id text NOT NULL,
    via text NOT NULL, digest bytea NOT NULL, body bytea NOT NULL, received_at bigint NOT NULL DEFAULT 0,
    CONSTRAINT divergent_copies_pkey PRIMARY KEY (position))`,
  `CREATE UNIQUE INDEX divergent_copies_once ON divergent_copies (membership_id, author, message_id, via, digest)`,
  `CREATE TABLE corroborations (
    digest bytea NOT NULL, CONSTRAINT corroborations_pkey PRIMARY KEY (digest))`,
];
