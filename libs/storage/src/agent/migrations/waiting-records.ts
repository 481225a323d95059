import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records that wait for a peer are found by their status and since when they have it. */
export class WaitingRecords1795660000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, table, status] of indexes)
      await runner.query(`CREATE INDEX ${name} ON ${table} (${status}, since)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of indexes) await runner.query(`DROP INDEX ${name}`);
  }
}

const indexes: readonly (readonly [name: string, table: string, status: string])[] = [
  ['groups_relay_own_since', 'groups', 'relay_own_status'],
  ['group_relays_since', 'group_relays', 'relay_status'],
  ['group_members_since', 'group_members', 'member_status'],
  ['member_connections_since', 'member_connections', 'connection_status'],
];
