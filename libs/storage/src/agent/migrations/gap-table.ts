import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Version 0.4.0: messages of relays that never came, and when the last one before them did. */
export class GapTable1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gaps');
    await runner.query('ALTER TABLE receive_queues DROP COLUMN received_time');
  }
}

const statements = [
  `CREATE TABLE gaps (
    position bigserial NOT NULL, server text NOT NULL, recipient_id bytea NOT NULL, membership_id text NOT NULL,
    via text NOT NULL, first_number bigint NOT NULL, last_number bigint NOT NULL,
    after_time bigint NOT NULL, before_time bigint NOT NULL, noticed_at bigint NOT NULL,
    CONSTRAINT gaps_pkey PRIMARY KEY (position))`,
  `CREATE UNIQUE INDEX gaps_once ON gaps (server, recipient_id, first_number)`,
  `CREATE INDEX gaps_of_membership ON gaps (membership_id, position)`,
  `ALTER TABLE receive_queues ADD COLUMN received_time bigint`,
];
