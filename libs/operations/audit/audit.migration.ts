import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log that every context keeps in its own database. */
export class CreateAuditLog1700000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_log (
        id         uuid        PRIMARY KEY,
        at         timestamptz NOT NULL DEFAULT clock_timestamp(),
        user_id    uuid,
        request_id text,
        action     text        NOT NULL,
        subject    text        NOT NULL,
        outcome    text        NOT NULL,
        details    jsonb       NOT NULL
      )`);
    await runner.query('CREATE INDEX audit_log_action ON audit_log (action, id)');
    await runner.query(`
      CREATE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log is append-only';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_log');
    await runner.query('DROP FUNCTION refuse_change_of_audit_log');
  }
}

export const AUDIT_MIGRATIONS = [CreateAuditLog1700000000020];
