import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wordsOf } from '@fissile/kit/database';

/** The words of an address and a name. */
export const USER_WORDS = wordsOf(`email || ' ' || name`);

/** Finds users by words of their address and name, by a role, and those who are disabled. */
export class FindUsers1797700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // May be created by hand before, CONCURRENTLY.
    await runner.query(`CREATE INDEX IF NOT EXISTS users_by_words ON users USING gin ((${USER_WORDS}))`);
    await runner.query('CREATE INDEX IF NOT EXISTS users_by_role ON users USING gin (roles)');
    await runner.query(`CREATE INDEX IF NOT EXISTS users_disabled ON users (id) WHERE status = 'disabled'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_disabled, users_by_role, users_by_words');
  }
}
