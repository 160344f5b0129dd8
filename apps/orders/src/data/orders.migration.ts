import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrders1763000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id               uuid           PRIMARY KEY,
        user_id          uuid           NOT NULL,
        status           text           NOT NULL CHECK (status IN ('pending', 'confirmed', 'cancelling', 'cancelled')),
        currency         char(3)        NOT NULL,
        total_minor      bigint         NOT NULL CHECK (total_minor BETWEEN 0 AND 1000000000000),
        payment_id       uuid,
        reason_code      text,
        reason_message   text,
        cancel_requested boolean        NOT NULL DEFAULT false,
        confirmed_at     timestamptz(3),
        created_at       timestamptz(3) NOT NULL DEFAULT now(),
        updated_at       timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT orders_reason CHECK ((status = 'cancelled') = (reason_code IS NOT NULL)),
        CONSTRAINT orders_confirmed CHECK (status NOT IN ('confirmed', 'cancelling') OR confirmed_at IS NOT NULL)
      )`);
    await runner.query('CREATE INDEX orders_of_user ON orders (user_id, id)');
    await runner.query(`
      CREATE TABLE order_lines (
        order_id         uuid    NOT NULL REFERENCES orders,
        position         integer NOT NULL,
        product_id       uuid    NOT NULL,
        sku              text    NOT NULL,
        name             text    NOT NULL,
        quantity         integer NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
        unit_price_minor bigint  NOT NULL CHECK (unit_price_minor >= 0),
        PRIMARY KEY (order_id, position),
        CONSTRAINT order_lines_product_once UNIQUE (order_id, product_id)
      )`);
    await runner.query(`
      CREATE TABLE idempotency_keys (
        user_id      uuid  NOT NULL,
        key          text  NOT NULL,
        request_hash bytea NOT NULL,
        order_id     uuid  NOT NULL,
        CONSTRAINT idempotency_keys_once PRIMARY KEY (user_id, key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys, order_lines, orders');
  }
}

/** For lists of orders in any status but confirmed, which are few: an index of all would slow every order down. */
export class IndexOrdersByStatus1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX orders_by_status ON orders (status, id) WHERE status <> 'confirmed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX orders_by_status');
  }
}

/**
 * Orders can be shipped and returned. Each statement can be repeated, and none locks the table while it reads its rows:
 * so they are not one transaction.
 */
export class ShipOrders1767000000000 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const before = `'pending', 'confirmed', 'cancelling', 'cancelled'`;
    await constrain(runner, `${before}, 'shipping', 'shipped', 'returning', 'returned'`);
    await runner.query('ALTER TABLE orders VALIDATE CONSTRAINT orders_status_check');
    await runner.query('ALTER TABLE orders VALIDATE CONSTRAINT orders_confirmed');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE orders SET status = 'confirmed' WHERE status IN ('shipping', 'shipped')`);
    await runner.query(`
      UPDATE orders SET status = 'cancelled', reason_code = 'cancelled_by_customer'
      WHERE status IN ('returning', 'returned')`);
    await constrain(runner, `'pending', 'confirmed', 'cancelling', 'cancelled'`);
  }
}

async function constrain(runner: QueryRunner, statuses: string): Promise<void> {
  await runner.query(`
    ALTER TABLE orders
      DROP CONSTRAINT IF EXISTS orders_status_check,
      DROP CONSTRAINT IF EXISTS orders_confirmed,
      ADD CONSTRAINT orders_status_check CHECK (status IN (${statuses})) NOT VALID,
      ADD CONSTRAINT orders_confirmed
        CHECK (status IN ('pending', 'cancelled') OR confirmed_at IS NOT NULL) NOT VALID`);
}

/** For the list of orders to ship: few, once most are shipped. May be created by hand before, CONCURRENTLY. */
export class IndexOrdersToShip1767000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX IF NOT EXISTS orders_to_ship ON orders (id) WHERE status = 'confirmed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX orders_to_ship');
  }
}

/** Keys are forgotten after some days. Those from before count from now on. */
export class DateIdempotencyKeys1769000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE idempotency_keys ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT now()',
    );
    await runner.query('CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_keys DROP COLUMN created_at');
  }
}

/** For lists by amount. May be created by hand before, CONCURRENTLY. */
export class IndexOrdersByAmount1797400000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX IF NOT EXISTS orders_by_amount ON orders (currency, total_minor, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX orders_by_amount');
  }
}

/** The database of orders. */
export const ORDERS_MIGRATIONS = [
  CreateOrders1763000000000,
  IndexOrdersByStatus1765000000000,
  ShipOrders1767000000000,
  IndexOrdersToShip1767000000001,
  DateIdempotencyKeys1769000000000,
  IndexOrdersByAmount1797400000008,
];
