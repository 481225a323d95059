import type { MigrationInterface, QueryRunner } from 'typeorm';
import { refuseEarlierTables } from '../../earlier-tables';

/** The SMP server's tables as of version 0.2.0; entities.ts says the same, by test. */
export class SmpTables1795500000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await refuseEarlierTables(runner, 'queues');
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['message_blocks', 'queues']) await runner.query(`DROP TABLE ${table}`);
  }
}

const statements = [
  `CREATE TABLE queues (
    recipient_id bytea NOT NULL, sender_id bytea NOT NULL,
    recipient_keys bytea[] NOT NULL, recipient_dh_key bytea NOT NULL, sender_key bytea,
    server_dh_seed bytea NOT NULL, new_hash bytea NOT NULL, mode text,
    link_id bytea, fixed_data bytea, user_data bytea,
    status text NOT NULL DEFAULT 'active', updated_on integer NOT NULL,
    CONSTRAINT queues_pkey PRIMARY KEY (recipient_id),
    CONSTRAINT queues_sender_id UNIQUE (sender_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT queues_new_hash UNIQUE (new_hash) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT queues_link_id UNIQUE (link_id) DEFERRABLE INITIALLY DEFERRED)`,
  `CREATE TABLE message_blocks (
    block bigint NOT NULL, added bytea NOT NULL, removed bytea NOT NULL,
    CONSTRAINT message_blocks_pkey PRIMARY KEY (block))`,
  // sealed bodies do not compress
  `ALTER TABLE message_blocks ALTER added SET STORAGE EXTERNAL, ALTER removed SET STORAGE EXTERNAL`,
];
