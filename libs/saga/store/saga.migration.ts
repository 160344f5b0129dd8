import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSagas1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sagas (
        id              uuid        PRIMARY KEY,
        name            text        NOT NULL,
        version         integer     NOT NULL,
        subject         text        NOT NULL,
        status          text        NOT NULL
          CHECK (status IN ('running', 'compensating', 'completed', 'compensated')),
        position        integer     NOT NULL,
        data            jsonb       NOT NULL,
        failure         jsonb,
        timeline        jsonb       NOT NULL,
        attempts        integer     NOT NULL DEFAULT 0,
        fence           bigint      NOT NULL DEFAULT 1,
        lease_until     timestamptz NOT NULL,
        due_at          timestamptz NOT NULL DEFAULT now(),
        abort_requested boolean     NOT NULL DEFAULT false,
        created_at      timestamptz NOT NULL DEFAULT now(),
        updated_at      timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(
      `CREATE INDEX sagas_unfinished ON sagas (lease_until) WHERE status IN ('running', 'compensating')`,
    );
    await runner.query('CREATE INDEX sagas_subject ON sagas (subject, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sagas');
  }
}

/** Lets the clean-up find sagas that ended long ago. */
export class IndexEndedSagas1700000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX sagas_ended ON sagas (updated_at) WHERE status IN ('completed', 'compensated')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX sagas_ended');
  }
}

/** Lets sagas wait for events, which are stored for sagas that have not begun to wait. */
export class LetSagasWait1700000000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sagas ADD COLUMN waiting jsonb');
    await runner.query(`
      CREATE INDEX sagas_waiting ON sagas ((waiting -> 'event' ->> 'type'), (waiting -> 'event' ->> 'key'))
      WHERE status = 'running' AND waiting IS NOT NULL`);
    await runner.query(`
      CREATE TABLE saga_events (
        event_id    uuid        PRIMARY KEY,
        type        text        NOT NULL,
        key         text        NOT NULL,
        data        jsonb       NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX saga_events_awaited ON saga_events (type, key, received_at)');
    await runner.query('CREATE INDEX saga_events_old ON saga_events (received_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saga_events');
    await runner.query('ALTER TABLE sagas DROP COLUMN waiting');
  }
}

/** The request and trace that began a saga, so that the process that resumes it continues the same trace. */
export class AddSagaOrigin1700000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sagas ADD COLUMN origin jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sagas DROP COLUMN origin');
  }
}

/**
 * Indexes the compensated sagas, which are few. Dead rows are vacuumed early: by default PostgreSQL waits until a
 * fifth of the table is dead.
 */
export class KeepSagasQuick1700000000033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX sagas_compensated ON sagas (id) WHERE status = 'compensated'`);
    await runner.query(
      'ALTER TABLE sagas SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE sagas RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)',
    );
    await runner.query('DROP INDEX sagas_compensated');
  }
}

/** Finds the sagas of a name, newest first: one that is rare would have the whole table read. */
export class FindSagasByName1700000000091 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // May be created by hand before, CONCURRENTLY.
    await runner.query('CREATE INDEX IF NOT EXISTS sagas_by_name ON sagas (name, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX sagas_by_name');
  }
}

/** The migrations of a context that has sagas. */
export const SAGA_MIGRATIONS = [
  CreateSagas1700000000001,
  IndexEndedSagas1700000000021,
  LetSagasWait1700000000022,
  AddSagaOrigin1700000000031,
  KeepSagasQuick1700000000033,
  FindSagasByName1700000000091,
];
