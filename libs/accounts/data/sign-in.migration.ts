import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a refresh token was traded for, encrypted: it is given again when the answer was lost. */
export class KeepSuccessors1797300000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refresh_tokens ADD COLUMN successor bytea');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refresh_tokens DROP COLUMN successor');
  }
}

/**
 * Failed logins are counted where all processes of the context see them. Keys are hashes, so a row has one size whatever was typed.
 * From which networks a user has signed in is kept, so that guessing from others does not slow down the user.
 */
export class CountLoginAttempts1797200000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE login_attempts (
        key        text             COLLATE "C" PRIMARY KEY,
        tokens     double precision NOT NULL,
        taken_at   timestamptz      NOT NULL,
        refusals   integer          NOT NULL,
        expires_at timestamptz      NOT NULL
      )`);
    await runner.query('CREATE INDEX login_attempts_by_expiry ON login_attempts (expires_at)');
    await runner.query(`
      CREATE TABLE known_networks (
        user_id uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
        network text        NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, network)
      )`);
    await runner.query('CREATE INDEX known_networks_by_time ON known_networks (seen_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_networks, login_attempts');
  }
}
