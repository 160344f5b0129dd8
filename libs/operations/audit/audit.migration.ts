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

/** Any number, as long as both functions request the same lock: each changes the privileges of the table, one at a time. */
const UPKEEP_LOCK = 7_315_007;

/** Only what the functions below do gets past the trigger. */
const GUARD = `
  CREATE OR REPLACE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF coalesce(current_setting('fissile.audit_upkeep', true), '') = TG_OP THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
  END $$`;

const GUARD_OF_BEFORE = `
  CREATE OR REPLACE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
  END $$`;

const DELETE_OLD = `
  IF days < 1 THEN
    RAISE EXCEPTION 'audit records are kept for a day at least';
  END IF;
  IF NOT EXISTS (SELECT FROM audit_log WHERE at < now() - make_interval(days => days)) THEN
    RETURN 0;
  END IF;
  ${withRight(
    'DELETE',
    `DELETE FROM audit_log WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM audit_log WHERE at < now() - make_interval(days => days) ORDER BY at LIMIT most));`,
  )}`;

/** Not where an admin acted on the person: that address is the admin's. */
const ERASE_SOURCES = withRight(
  'UPDATE',
  `UPDATE audit_log SET source = NULL, client_request_id = NULL
   WHERE (user_id = person OR user_id IS NULL AND subject = ANY(subjects))
     AND (source IS NOT NULL OR client_request_id IS NOT NULL);`,
);

/**
 * Old records can be deleted, and where a person acted from can be erased. Both are functions with the rights of the owner of
 * the table, so that a role which may only add to it can call them, and can do nothing else.
 */
export class KeepAuditForLimitedTime1700000000081 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // May be created by hand before, CONCURRENTLY.
    await runner.query('CREATE INDEX IF NOT EXISTS audit_log_by_age ON audit_log (at)');
    await runner.query(
      'CREATE INDEX IF NOT EXISTS audit_log_of_user ON audit_log (user_id, id) WHERE user_id IS NOT NULL',
    );
    await runner.query('CREATE INDEX IF NOT EXISTS audit_log_of_subject ON audit_log (subject, id)');
    await runner.query(GUARD);
    await runner.query(upkeep('delete_old_audit_records(days integer, most integer)', DELETE_OLD));
    await runner.query(upkeep('erase_audit_sources(person uuid, subjects text[])', ERASE_SOURCES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION erase_audit_sources, delete_old_audit_records');
    await runner.query(GUARD_OF_BEFORE);
    await runner.query('DROP INDEX audit_log_of_subject, audit_log_of_user, audit_log_by_age');
  }
}

function upkeep(signature: string, body: string): string {
  return `
    CREATE FUNCTION ${signature} RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
      changed integer;
    BEGIN
      ${body}
      RETURN changed;
    END $$`;
}

/** The owner has the right while the statement runs, and no longer. */
function withRight(right: 'UPDATE' | 'DELETE', statement: string): string {
  return `
    PERFORM pg_advisory_xact_lock(${UPKEEP_LOCK});
    GRANT ${right} ON audit_log TO CURRENT_USER;
    PERFORM set_config('fissile.audit_upkeep', '${right}', true);
    ${statement}
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('fissile.audit_upkeep', '', true);
    REVOKE ${right} ON audit_log FROM CURRENT_USER;`;
}

export const AUDIT_MIGRATIONS = [
  CreateAuditLog1700000000020,
  AddAuditSource1700000000071,
  KeepAuditForLimitedTime1700000000081,
];
