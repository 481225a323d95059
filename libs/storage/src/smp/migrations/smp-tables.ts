import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The SMP server's tables as of version 0.1.0; entities.ts says the same, by test. */
export class SmpTables1763800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['messages', 'queues']) await runner.query(`DROP TABLE ${table}`);
  }
}

const statements = [
  `CREATE TABLE queues (
    recipient_id bytea NOT NULL, sender_id bytea NOT NULL,
    recipient_key bytea NOT NULL, recipient_dh_key bytea NOT NULL,
    server_dh_seed bytea NOT NULL, new_hash bytea NOT NULL, mode text,
    link_id bytea, fixed_data bytea, user_data bytea,
    suspended boolean NOT NULL DEFAULT false,
    CONSTRAINT queues_pkey PRIMARY KEY (recipient_id),
    CONSTRAINT queues_sender_id UNIQUE (sender_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT queues_recipient_key UNIQUE (recipient_key) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT queues_link_id UNIQUE (link_id) DEFERRABLE INITIALLY DEFERRED)`,
  `CREATE TABLE messages (
    seq bigint NOT NULL, recipient_id bytea NOT NULL, msg_id bytea NOT NULL,
    body bytea NOT NULL, quota boolean NOT NULL, trace text,
    CONSTRAINT messages_pkey PRIMARY KEY (seq))`,
];
