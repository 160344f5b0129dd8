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

/** The database of inventory. */
export const INVENTORY_MIGRATIONS = [CreateInventory1763000000002, KeepStockQuick1765000000002];
