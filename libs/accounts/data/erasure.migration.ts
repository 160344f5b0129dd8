import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an account was erased: its row stays, as the pseudonym that others refer to. */
export class EraseAccounts1797500000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN erased_at timestamptz(3)');
    // Also of those that have ended. May be created by hand before, CONCURRENTLY.
    await runner.query('CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX sessions_by_user');
    await runner.query('ALTER TABLE users DROP COLUMN erased_at');
  }
}
