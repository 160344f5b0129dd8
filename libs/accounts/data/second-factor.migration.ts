import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Second factors by time (RFC 6238), and the recovery codes beside them. A secret is encrypted; `encrypted_by` names the key, so that those of an
 * older one are found without reading all. Accounts from before may keep their passwords.
 */
export class AddSecondFactors1797400000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN password_must_change boolean NOT NULL DEFAULT false');
    await runner.query(`
      CREATE TABLE second_factors (
        user_id      uuid           PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        secret       bytea          NOT NULL,
        encrypted_by text           NOT NULL,
        last_step    bigint         NOT NULL DEFAULT 0,
        created_at   timestamptz(3) NOT NULL DEFAULT now(),
        confirmed_at timestamptz(3)
      )`);
    await runner.query('CREATE INDEX second_factors_by_key ON second_factors (encrypted_by)');
    await runner.query(`
      CREATE TABLE recovery_codes (
        user_id   uuid  NOT NULL REFERENCES second_factors ON DELETE CASCADE,
        code_hash bytea NOT NULL,
        PRIMARY KEY (user_id, code_hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recovery_codes, second_factors');
    await runner.query('ALTER TABLE users DROP COLUMN password_must_change');
  }
}
