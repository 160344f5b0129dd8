import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether an address is its owner's, the mails that find out, and the tokens in them. Accounts from before count as verified, as
 * they did: the default is theirs alone, and costs no rewrite of the table.
 */
export class VerifyEmails1797000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN email_verified_at timestamptz(3) DEFAULT now()');
    await runner.query('ALTER TABLE users ALTER COLUMN email_verified_at DROP DEFAULT');
    await runner.query(`
      CREATE TABLE account_mails (
        id         uuid           PRIMARY KEY,
        kind       text           NOT NULL,
        recipient  text           NOT NULL,
        source     text,
        status     text           NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'dropped')),
        attempts   integer        NOT NULL DEFAULT 0,
        due_at     timestamptz(3) NOT NULL DEFAULT now(),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX account_mails_of_recipient ON account_mails (recipient, created_at)');
    await runner.query(
      'CREATE INDEX account_mails_of_source ON account_mails (source, created_at) WHERE source IS NOT NULL',
    );
    await runner.query(
      `CREATE INDEX account_mails_pending ON account_mails (due_at) WHERE status = 'pending'`,
    );
    await runner.query('CREATE INDEX account_mails_by_age ON account_mails (created_at)');
    await runner.query(`
      CREATE TABLE account_tokens (
        token_hash bytea          PRIMARY KEY,
        user_id    uuid           NOT NULL REFERENCES users ON DELETE CASCADE,
        purpose    text           NOT NULL,
        expires_at timestamptz(3) NOT NULL
      )`);
    await runner.query('CREATE INDEX account_tokens_of_user ON account_tokens (user_id)');
    await runner.query('CREATE INDEX account_tokens_by_expiry ON account_tokens (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_tokens, account_mails');
    await runner.query('ALTER TABLE users DROP COLUMN email_verified_at');
  }
}
