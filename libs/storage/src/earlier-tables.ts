import type { QueryRunner } from 'typeorm';

/**
 * Queues of version 0.1 have no keys, so that nobody could use them any more: they are not carried over, and not removed
 * without being asked.
 * @throws {Error} when the schema has a table of this name
 */
export async function refuseEarlierTables(runner: QueryRunner, table: string): Promise<void> {
  const exists = 'SELECT to_regclass($1) AS found';
  const [{ found }] = await runner.manager.query<{ found: string | null }[]>(exists, [table]);
  if (found === null) return;
  throw new Error(
    'this schema has tables of version 0.1, whose queues nobody can authorise: drop it or choose another DATABASE_SCHEMA ' +
      '(npm start -- --fresh begins anew)',
  );
}
