import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wordsOf } from '@fissile/kit/database';

/** The outbox, inbox and dead letters that every context keeps in its own database. */
export class CreateMessaging1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        position     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id     uuid        NOT NULL UNIQUE,
        type         text        NOT NULL,
        key          text        NOT NULL,
        envelope     jsonb       NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz
      )`);
    await runner.query('CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL');
    await runner.query(
      'CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL',
    );
    await runner.query(`
      CREATE TABLE inbox (
        event_id   uuid        NOT NULL,
        consumer   text        NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (event_id, consumer)
      )`);
    await runner.query(`
      CREATE TABLE dead_letters (
        id         uuid        PRIMARY KEY,
        event_id   uuid        NOT NULL,
        consumer   text        NOT NULL,
        type       text        NOT NULL,
        reason     text        NOT NULL,
        envelope   jsonb       NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT dead_letters_once UNIQUE (event_id, consumer)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters, inbox, outbox');
  }
}

/** Lets the inbox clean-up find old rows. */
export class IndexInboxByTime1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX inbox_handled ON inbox USING brin (handled_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_handled');
  }
}

/**
 * Keeps the tables fast that events pass through. The inbox clean-up reads rows in order of time, which a BRIN index
 * does not support. Dead rows are vacuumed early: by default PostgreSQL waits until a fifth of the table is dead.
 */
export class KeepMessagingQuick1700000000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_handled');
    await runner.query('CREATE INDEX inbox_handled ON inbox (handled_at)');
    await runner.query(
      'ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE outbox RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)',
    );
    await runner.query('DROP INDEX inbox_handled');
    await runner.query('CREATE INDEX inbox_handled ON inbox USING brin (handled_at)');
  }
}

/**
 * Lets relays claim keys by leases. Keys share a fixed number of rows by their hash, which are updated in place, so
 * that a claim leaves no dead rows. A relay of an earlier version ignores the leases: it and a newer one may both
 * publish an event, and the inbox drops the duplicate.
 */
export class LeaseOutboxKeys1700000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox_leases (
        bucket      smallint    PRIMARY KEY,
        owner       uuid,
        lease_until timestamptz NOT NULL DEFAULT '-infinity'
      ) WITH (fillfactor = 50)`);
    await runner.query('INSERT INTO outbox_leases (bucket) SELECT generate_series(0, 1023)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_leases');
  }
}

/**
 * Lets later events of a key wait behind a dead letter. An inbox of an earlier version handles them at once, as it
 * always did.
 */
export class KeepOrderBehindDeadLetters1700000000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE waiting_events (
        position    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id    uuid        NOT NULL,
        consumer    text        NOT NULL,
        source      text        NOT NULL,
        key         text        NOT NULL,
        envelope    jsonb       NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT waiting_events_once UNIQUE (event_id, consumer)
      )`);
    await runner.query('CREATE INDEX waiting_events_key ON waiting_events (consumer, source, key, position)');
    await runner.query(
      `CREATE INDEX dead_letters_key ON dead_letters (consumer, (envelope ->> 'source'), (envelope ->> 'subject'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX dead_letters_key');
    await runner.query('DROP TABLE waiting_events');
  }
}

/**
 * Records since when each consumer handles an event, so that one which it missed can be told from one that was published
 * before it subscribed.
 */
export class RecordSubscriptions1700000000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox_subscriptions (
        consumer   text        NOT NULL,
        event_name text        NOT NULL,
        since      timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, event_name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox_subscriptions');
  }
}

/** The words of why an event could not be handled. Of a long reason the beginning: PostgreSQL refuses to index more than a megabyte. */
export const REASON_WORDS = wordsOf(`consumer || ' ' || left(reason, 10000)`);

/** Finds dead letters by the type of the event, and by words of the reason. */
export class FindDeadLetters1700000000092 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // May be created by hand before, CONCURRENTLY.
    await runner.query('CREATE INDEX IF NOT EXISTS dead_letters_by_type ON dead_letters (type, id)');
    await runner.query(
      `CREATE INDEX IF NOT EXISTS dead_letters_by_reason ON dead_letters USING gin ((${REASON_WORDS}))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX dead_letters_by_reason, dead_letters_by_type');
  }
}

/** The migrations of a context that has events. */
export const MESSAGING_MIGRATIONS = [
  CreateMessaging1700000000000,
  IndexInboxByTime1700000000010,
  KeepMessagingQuick1700000000032,
  LeaseOutboxKeys1700000000041,
  KeepOrderBehindDeadLetters1700000000051,
  RecordSubscriptions1700000000061,
  FindDeadLetters1700000000092,
];
