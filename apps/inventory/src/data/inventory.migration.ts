import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateInventory1763000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stock (
        product_id uuid    PRIMARY KEY,
        on_hand    bigint  NOT NULL CHECK (on_hand BETWEEN 0 AND 1000000000),
        reserved   bigint  NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND on_hand),
        version    integer NOT NULL DEFAULT 1
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE adjustments (
        id         uuid           PRIMARY KEY,
        product_id uuid           NOT NULL REFERENCES stock,
        delta      bigint         NOT NULL,
        reason     text           NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX adjustments_of_product ON adjustments (product_id, id)');
    await runner.query(`
      CREATE TABLE reservations (
        order_id    uuid           PRIMARY KEY,
        status      text           NOT NULL CHECK (status IN ('reserved', 'released')),
        product_ids uuid[]         NOT NULL,
        quantities  bigint[]       NOT NULL,
        created_at  timestamptz(3) NOT NULL DEFAULT now(),
        released_at timestamptz(3),
        CHECK (cardinality(product_ids) = cardinality(quantities)),
        CHECK ((status = 'released') = (released_at IS NOT NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reservations, adjustments, stock');
  }
}

/** Every reservation updates a row of stock, so vacuum runs early. */
export class KeepStockQuick1765000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE stock SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE stock RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)',
    );
  }
}

/**
 * Reserved units are shipped, and may come back. Each statement can be repeated, and none locks the table while it
 * reads its rows: so they are not one transaction.
 */
export class ShipReservations1767000000002 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reservations
        ADD COLUMN IF NOT EXISTS shipped_at timestamptz(3),
        ADD COLUMN IF NOT EXISTS returned_at timestamptz(3)`);
    await allow(runner, `'reserved', 'released', 'shipped', 'returned'`);
    await runner.query('ALTER TABLE reservations VALIDATE CONSTRAINT reservations_status_check');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE reservations SET status = 'released', released_at = coalesce(returned_at, shipped_at)
      WHERE status IN ('shipped', 'returned')`);
    await allow(runner, `'reserved', 'released'`);
    await runner.query('ALTER TABLE reservations DROP COLUMN shipped_at, DROP COLUMN returned_at');
  }
}

async function allow(runner: QueryRunner, statuses: string): Promise<void> {
  await runner.query(`
    ALTER TABLE reservations
      DROP CONSTRAINT IF EXISTS reservations_status_check,
      ADD CONSTRAINT reservations_status_check CHECK (status IN (${statuses})) NOT VALID`);
}

/** The database of inventory. */
export const INVENTORY_MIGRATIONS = [
  CreateInventory1763000000002,
  KeepStockQuick1765000000002,
  ShipReservations1767000000002,
];
