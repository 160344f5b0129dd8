import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePayments1763000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payments (
        id             uuid           PRIMARY KEY,
        order_id       uuid           NOT NULL CONSTRAINT payments_order_once UNIQUE,
        user_id        uuid,
        amount_minor   bigint         NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000),
        currency       text           NOT NULL,
        method         text           NOT NULL,
        status         text           NOT NULL
          CHECK (status IN ('captured', 'declined', 'refunded', 'unknown', 'voided')),
        reference      text,
        decline_reason text,
        created_at     timestamptz(3) NOT NULL DEFAULT now(),
        CHECK (status NOT IN ('captured', 'refunded') OR reference IS NOT NULL),
        CHECK (user_id IS NOT NULL OR status = 'voided')
      )`);
    await runner.query('CREATE INDEX payments_of_user ON payments (user_id, id)');
    await runner.query(`
      CREATE TABLE refunds (
        id           uuid           PRIMARY KEY,
        payment_id   uuid           NOT NULL REFERENCES payments,
        amount_minor bigint         NOT NULL CHECK (amount_minor > 0),
        status       text           NOT NULL CHECK (status IN ('pending', 'done')),
        reason       text,
        request_key  text,
        request_hash bytea,
        created_at   timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT refunds_request_once UNIQUE (payment_id, request_key)
      )`);
    await runner.query(`CREATE INDEX refunds_pending ON refunds (created_at) WHERE status = 'pending'`);
    await runner.query(`
      CREATE TABLE sandbox_charges (
        key          text    PRIMARY KEY,
        reference    text    NOT NULL,
        amount_minor bigint  NOT NULL,
        currency     text    NOT NULL,
        outcome      text    NOT NULL CHECK (outcome IN ('captured', 'declined', 'failed_once', 'abandoned')),
        created_at   timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE sandbox_refunds (
        key          text    PRIMARY KEY,
        reference    text    NOT NULL,
        amount_minor bigint  NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sandbox_refunds, sandbox_charges, refunds, payments');
  }
}

const STATUSES = `'captured', 'declined', 'refunded', 'unknown', 'voided'`;
const CHARGE_OUTCOMES = `'captured', 'declined', 'failed_once', 'abandoned'`;

/**
 * Payments can wait for the customer, and refunds can be refused for good. Each statement can be repeated, and none locks a
 * table while it reads its rows: so they are not one transaction.
 */
export class AwaitCustomers1797400000004 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payments ADD COLUMN IF NOT EXISTS action jsonb');
    await runner.query('ALTER TABLE refunds ADD COLUMN IF NOT EXISTS failure_reason text');
    await constrain(runner, 'payments', 'status', `${STATUSES}, 'pending', 'refund_failed'`);
    await constrain(runner, 'refunds', 'status', `'pending', 'done', 'failed'`);
    await constrain(runner, 'sandbox_charges', 'outcome', `${CHARGE_OUTCOMES}, 'action_required'`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS provider_events (
        id          text           PRIMARY KEY,
        received_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX IF NOT EXISTS provider_events_by_age ON provider_events (received_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS provider_events');
    await runner.query(`UPDATE payments SET status = 'unknown' WHERE status = 'pending'`);
    await runner.query(`UPDATE payments SET status = 'captured' WHERE status = 'refund_failed'`);
    await runner.query(`UPDATE refunds SET status = 'pending' WHERE status = 'failed'`);
    await runner.query(`UPDATE sandbox_charges SET outcome = 'declined' WHERE outcome = 'action_required'`);
    await constrain(runner, 'payments', 'status', STATUSES);
    await constrain(runner, 'refunds', 'status', `'pending', 'done'`);
    await constrain(runner, 'sandbox_charges', 'outcome', CHARGE_OUTCOMES);
    await runner.query('ALTER TABLE refunds DROP COLUMN IF EXISTS failure_reason');
    await runner.query('ALTER TABLE payments DROP COLUMN IF EXISTS action');
  }
}

async function constrain(runner: QueryRunner, table: string, column: string, values: string): Promise<void> {
  const name = `${table}_${column}_check`;
  await runner.query(`
    ALTER TABLE ${table}
      DROP CONSTRAINT IF EXISTS ${name},
      ADD CONSTRAINT ${name} CHECK (${column} IN (${values})) NOT VALID`);
  await runner.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`);
}

/** For the payments that somebody, or a poll, looks after: few. May be created by hand before, CONCURRENTLY. */
export class IndexPaymentsToWatch1797400000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX IF NOT EXISTS payments_to_watch ON payments (status, id)
      WHERE status IN ('pending', 'refund_failed')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX payments_to_watch');
  }
}

/** For the refunds whose idempotency keys are to be forgotten. May be created by hand before, CONCURRENTLY. */
export class IndexRefundKeysByAge1797400000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX IF NOT EXISTS refund_keys_by_age ON refunds (created_at) WHERE request_key IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX refund_keys_by_age');
  }
}

/**
 * For the lists of the staff: payments in any status but captured, which nearly all have, and by amount. Each may be created by
 * hand before, CONCURRENTLY.
 */
export class IndexPaymentsForStaff1797400000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX IF NOT EXISTS payments_by_status ON payments (status, id)
      WHERE status IN ('declined', 'refunded', 'unknown', 'voided')`);
    await runner.query(
      'CREATE INDEX IF NOT EXISTS payments_by_amount ON payments (currency, amount_minor, id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX payments_by_status, payments_by_amount');
  }
}

/** The database of payments. */
export const PAYMENTS_MIGRATIONS = [
  CreatePayments1763000000004,
  AwaitCustomers1797400000004,
  IndexPaymentsToWatch1797400000005,
  IndexRefundKeysByAge1797400000006,
  IndexPaymentsForStaff1797400000007,
];
