import type { MigrationInterface, QueryRunner } from 'typeorm';
import { VerifyEmails1797000000003 } from './account-mail.migration.js';
import { AddSecondFactors1797400000003 } from './second-factor.migration.js';
import { KeepEndReasons1797600000003 } from './end-reason.migration.js';
import { FindUsers1797700000003 } from './find-users.migration.js';
import { EraseAccounts1797500000003 } from './erasure.migration.js';
import { DescribeSessions1797100000003 } from './session-list.migration.js';
import { CountLoginAttempts1797200000003, KeepSuccessors1797300000003 } from './sign-in.migration.js';

class CreateUsers1763000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id            uuid           PRIMARY KEY,
        email         text           NOT NULL CONSTRAINT users_email_once UNIQUE,
        name          text           NOT NULL,
        password_hash text           NOT NULL,
        roles         text[]         NOT NULL CHECK (cardinality(roles) > 0),
        status        text           NOT NULL CHECK (status IN ('active', 'disabled')),
        version       integer        NOT NULL DEFAULT 1,
        created_at    timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE sessions (
        id         uuid           PRIMARY KEY,
        user_id    uuid           NOT NULL REFERENCES users,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        ended_at   timestamptz(3)
      )`);
    await runner.query('CREATE INDEX sessions_of_user ON sessions (user_id) WHERE ended_at IS NULL');
    await runner.query(`
      CREATE TABLE refresh_tokens (
        token_hash bytea          PRIMARY KEY,
        session_id uuid           NOT NULL REFERENCES sessions ON DELETE CASCADE,
        expires_at timestamptz(3) NOT NULL,
        used_at    timestamptz(3)
      )`);
    await runner.query('CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id)');
    await runner.query(`
      CREATE TABLE revocations (
        subject_id uuid           PRIMARY KEY,
        revoked_at timestamptz(3) NOT NULL
      )`);
    await runner.query('CREATE INDEX revocations_by_time ON revocations (revoked_at)');
    await runner.query(`
      CREATE TABLE signing_keys (
        id          text           PRIMARY KEY,
        public_jwk  jsonb          NOT NULL,
        private_key bytea          NOT NULL,
        signs_from  timestamptz(3) NOT NULL,
        signs_until timestamptz(3) NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys, revocations, refresh_tokens, sessions, users');
  }
}

/** Indexes for the clean-up of expired tokens, and for the other admins when one changes. */
class IndexExpiryAndAdmins1765000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at)');
    await runner.query(`CREATE INDEX users_admins ON users (id) WHERE 'admin' = ANY(roles)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_admins, refresh_tokens_by_expiry');
  }
}

/** Which roles there are is checked where they are given: a product may add one. Earlier tables name them. */
class FreeRoles1795000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        DROP CONSTRAINT IF EXISTS users_roles_check,
        ADD CONSTRAINT users_roles_check CHECK (cardinality(roles) > 0)`);
  }

  // An account may have a role by now that the earlier check refuses.
  async down(): Promise<void> {
    await Promise.resolve();
  }
}

/** The database of users. */
export const USERS_MIGRATIONS = [
  CreateUsers1763000000003,
  IndexExpiryAndAdmins1765000000003,
  FreeRoles1795000000003,
  VerifyEmails1797000000003,
  DescribeSessions1797100000003,
  CountLoginAttempts1797200000003,
  KeepSuccessors1797300000003,
  AddSecondFactors1797400000003,
  EraseAccounts1797500000003,
  KeepEndReasons1797600000003,
  FindUsers1797700000003,
];
