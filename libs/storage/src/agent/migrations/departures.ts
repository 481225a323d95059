import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Version 0.5.0: relays leave their members when they are removed, those that were removed before, too (ADR 16). */
export class Departures1796200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM commands WHERE noun = 'departure'`);
    await runner.query('DROP INDEX priority_connections_of_group');
    await runner.query('DROP TABLE departures');
  }
}

const statements = [
  `CREATE TABLE departures (
    id text NOT NULL, seq bigserial NOT NULL, identity text NOT NULL, protocol text NOT NULL,
    attempt integer NOT NULL DEFAULT 1, data jsonb NOT NULL,
    peer_server text, peer_queue text, trace text, since bigint NOT NULL DEFAULT 0,
    departure_status text NOT NULL, CONSTRAINT departures_pkey PRIMARY KEY (id))`,
  `INSERT INTO departures (id, identity, protocol, data, departure_status, since)
   SELECT id, identity, protocol, jsonb_build_object('relayOwnId', id, 'life', 0), 'leaving',
          (extract(epoch FROM clock_timestamp()) * 1000)::bigint
   FROM groups WHERE relay_own_status IN ('removed', 'broken')`,
  // one that came back may have members of before, whom it leaves also when it never serves again
  `UPDATE groups SET data = data || '{"life": 0}'
   WHERE relay_own_status NOT IN ('removed', 'broken') AND attempt > 1`,
  `CREATE INDEX priority_connections_of_group ON priority_connections (group_id, seq)`,
  // as the row that begins a departure asks for it
  `INSERT INTO commands (id, noun, record_id, identity, protocol, attempt, step, kind, lane, aim, seed)
   SELECT 'departure:' || id || '/1/remove.3/CLEAN', 'departure', id, identity, protocol, 1, 'remove.3', 'CLEAN',
          'departure:' || id || '/1', data || '{"untold": false}', sha256(convert_to(gen_random_uuid()::text, 'UTF8'))
   FROM departures`,
];
