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
