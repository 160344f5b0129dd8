import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a session was begun, so that its user knows it again. */
export class DescribeSessions1797100000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN network text, ADD COLUMN user_agent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN user_agent, DROP COLUMN network');
  }
}
