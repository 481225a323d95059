import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Version 0.4.0: what 0.3 would have written otherwise. Relays that serve have withdrawn their notices of removal (ADR 13),
 * groups number invitations from the highest number that a relay may know, and who is behind is found by an index.
 */
export class RecordsOfBefore1796100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX group_members_behind');
  }
}

const statements = [
  `UPDATE delivery_jobs SET job_status = 'withdrawn' FROM groups
   WHERE groups.id = relay_own_id AND relay_own_status IN ('link_created', 'accepted', 'notified', 'confirmed')
     AND author = 'channel' AND message_id LIKE 'x.grp.mem.del/%'`,
  `UPDATE groups SET data = data || jsonb_build_object('invitations',
     (SELECT coalesce(sum(attempt), 0) FROM group_relays WHERE group_id = groups.id))
   WHERE group_status IS NOT NULL`,
  `CREATE INDEX group_members_behind ON group_members (identity, group_id) WHERE behind_job IS NOT NULL`,
];
