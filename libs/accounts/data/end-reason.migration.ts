import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why a session ended, for whoever was signed in. */
export class KeepEndReasons1797600000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN end_reason text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN end_reason');
  }
}
