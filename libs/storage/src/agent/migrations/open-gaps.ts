import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of a queue that was lost nobody knows how much is missing: such a gap has no last number. */
export class OpenGaps1796300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE gaps ALTER COLUMN last_number DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM gaps WHERE last_number IS NULL');
    await runner.query('ALTER TABLE gaps ALTER COLUMN last_number SET NOT NULL');
  }
}
