import { Injectable } from '@nestjs/common';
import { type Transaction, violatesUnique } from '@fissile/kit/database';
import type { StockLine } from '../domain/stock.js';

/** The mark that rejects a reservation arriving later. */
const INSERT_RELEASED = `
  INSERT INTO reservations (order_id, status, product_ids, quantities, released_at)
  VALUES ($1, 'released', '{}', '{}', now())
  ON CONFLICT (order_id) DO NOTHING
  RETURNING order_id`;

/**
 * Inserts the orders' rows first: a second reservation of the same order waits on that row for the first. A
 * PostgreSQL array of arrays cannot hold lists of different lengths, so the lines are passed as JSON.
 */
const INSERT_RESERVED = `
  INSERT INTO reservations (order_id, status, product_ids, quantities)
  SELECT order_id, 'reserved', product_ids, quantities
  FROM jsonb_to_recordset($1) AS reserved (order_id uuid, product_ids uuid[], quantities bigint[])
  ORDER BY order_id`;

/** Locks rows in the order of their ids, so that two orders never deadlock. */
const TAKE_STOCK = `
  WITH wanted AS (
    SELECT line.product_id, line.quantity
    FROM unnest($1::uuid[], $2::bigint[]) AS line (product_id, quantity)
  ), locked AS (
    SELECT stock.product_id, wanted.quantity
    FROM stock JOIN wanted USING (product_id)
    ORDER BY stock.product_id
    FOR UPDATE OF stock
  )
  UPDATE stock SET reserved = reserved + locked.quantity
  FROM locked
  WHERE stock.product_id = locked.product_id AND stock.on_hand - stock.reserved >= locked.quantity
  RETURNING stock.product_id AS "productId", stock.on_hand - stock.reserved AS available`;

const GIVE_BACK_STOCK = `
  WITH given AS (
    SELECT line.product_id, line.quantity
    FROM unnest($1::uuid[], $2::bigint[]) AS line (product_id, quantity)
  ), locked AS (
    SELECT stock.product_id, given.quantity
    FROM stock JOIN given USING (product_id)
    ORDER BY stock.product_id
    FOR UPDATE OF stock
  )
  UPDATE stock SET reserved = reserved - locked.quantity
  FROM locked
  WHERE stock.product_id = locked.product_id`;

const RELEASE = `
  UPDATE reservations SET status = 'released', released_at = now()
  WHERE order_id = $1 AND status = 'reserved'
  RETURNING product_ids AS "productIds", quantities`;

const SHIP = `
  UPDATE reservations SET status = 'shipped', shipped_at = now()
  WHERE order_id = $1 AND status = 'reserved'
  RETURNING product_ids AS "productIds", quantities`;

const RESTOCK = `
  UPDATE reservations SET status = 'returned', returned_at = now()
  WHERE order_id = $1 AND status = 'shipped'
  RETURNING product_ids AS "productIds", quantities`;

export type ReservationStatus = 'reserved' | 'released' | 'shipped' | 'returned';

/** The reservations of orders. An order never has more than one. */
@Injectable()
export class ReservationRepository {
  /** Marks the order as released. Returns false when the order already has a reservation. */
  async insertReleased(transaction: Transaction, orderId: string): Promise<boolean> {
    return (await transaction.query(INSERT_RELEASED, [orderId])).length === 1;
  }

  /** The transaction fails, as `isReservedBefore` detects, when one of the orders already has a reservation. */
  insert(
    transaction: Transaction,
    orders: readonly { readonly orderId: string; readonly lines: readonly StockLine[] }[],
  ): void {
    const records = orders.map(({ orderId, lines }) => ({
      order_id: orderId,
      product_ids: productsOf(lines),
      quantities: quantitiesOf(lines),
    }));
    transaction.queue(INSERT_RESERVED, [JSON.stringify(records)]);
  }

  async statusOf(transaction: Transaction, orderId: string): Promise<ReservationStatus | undefined> {
    const [row] = await transaction.query<{ status: ReservationStatus }>(
      'SELECT status FROM reservations WHERE order_id = $1',
      [orderId],
    );
    return row?.status;
  }

  /** Reserves the lines with enough stock, and returns them with the stock that remains. */
  takeStock(
    transaction: Transaction,
    lines: readonly StockLine[],
  ): Promise<{ productId: string; available: number }[]> {
    return transaction.query(TAKE_STOCK, [productsOf(lines), quantitiesOf(lines)]);
  }

  /** Ends the order's reservation. Returns the lines to release; undefined when nothing is reserved. */
  release(transaction: Transaction, orderId: string): Promise<StockLine[] | undefined> {
    return this.change(transaction, RELEASE, orderId);
  }

  /** Returns the lines that leave the stock; undefined when nothing is reserved. */
  ship(transaction: Transaction, orderId: string): Promise<StockLine[] | undefined> {
    return this.change(transaction, SHIP, orderId);
  }

  /** Returns the lines that come back; undefined when nothing is shipped. */
  restock(transaction: Transaction, orderId: string): Promise<StockLine[] | undefined> {
    return this.change(transaction, RESTOCK, orderId);
  }

  async giveBackStock(transaction: Transaction, lines: readonly StockLine[]): Promise<void> {
    await transaction.query(GIVE_BACK_STOCK, [productsOf(lines), quantitiesOf(lines)]);
  }

  private async change(
    transaction: Transaction,
    statement: string,
    orderId: string,
  ): Promise<StockLine[] | undefined> {
    const [row] = await transaction.query<{ productIds: string[]; quantities: number[] }>(statement, [
      orderId,
    ]);
    return row?.productIds.map((productId, index) => ({
      productId,
      quantity: Number(row.quantities[index]),
    }));
  }
}

export function isReservedBefore(error: unknown): boolean {
  return violatesUnique(error, 'reservations_pkey');
}

function productsOf(lines: readonly StockLine[]): string[] {
  return lines.map((line) => line.productId);
}

function quantitiesOf(lines: readonly StockLine[]): number[] {
  return lines.map((line) => line.quantity);
}
