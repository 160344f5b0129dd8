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

/** Where an act came from, and the id that the client gave its request: ours is in `request_id`. */
export class AddAuditSource1700000000071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_log ADD COLUMN source text, ADD COLUMN client_request_id text');
    // The owner could take it back, and a superuser needs no privilege: then the trigger alone is in the way.
    await runner.query('REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM PUBLIC, CURRENT_USER');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('GRANT UPDATE, DELETE, TRUNCATE ON audit_log TO CURRENT_USER');
    await runner.query('ALTER TABLE audit_log DROP COLUMN source, DROP COLUMN client_request_id');
  }
}

export const AUDIT_MIGRATIONS = [CreateAuditLog1700000000020, AddAuditSource1700000000071];
