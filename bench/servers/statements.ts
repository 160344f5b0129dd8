import { v7 as uuidv7 } from 'uuid';
import type { OrderLine, PricedOrder } from './order-request.js';

/** A statement that a connection prepares once, by its name: PostgreSQL does not parse it again, and plans it a few times only. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
  values: unknown[];
}

/** A client in a transaction, or any other executor of statements. */
export interface Runner {
  query(statement: NamedStatement): Promise<{ rows: unknown[] }>;
}

export interface Placement extends PricedOrder {
  readonly orderId: string;
  readonly userId: string;
  readonly key: string;
  readonly requestHash: Buffer;
}

/** The statements that place an order, hand-written for the same tables. */
export async function findUsedKey(runner: Runner, userId: string, key: string): Promise<boolean> {
  const { rows } = await runner.query({
    name: 'find-used-key',
    text: 'SELECT order_id FROM idempotency_keys WHERE user_id = $1 AND key = $2',
    values: [userId, key],
  });
  return rows.length > 0;
}

export async function findProducts<Product>(runner: Runner, ids: readonly string[]): Promise<Product[]> {
  const { rows } = await runner.query({
    name: 'find-products',
    text: `SELECT id, sku, name, price_minor, currency FROM products WHERE id = ANY($1) AND status = 'active'`,
    values: [ids],
  });
  return rows as Product[];
}

export async function createOrder(runner: Runner, placement: Placement): Promise<void> {
  const { orderId, userId, key, requestHash, lines, totalMinor, currency } = placement;
  await runner.query({
    name: 'use-key',
    text: 'INSERT INTO idempotency_keys (user_id, key, request_hash, order_id) VALUES ($1, $2, $3, $4)',
    values: [userId, key, requestHash, orderId],
  });
  await runner.query({
    name: 'create-order',
    text: `INSERT INTO orders (id, user_id, status, currency, total_minor) VALUES ($1, $2, 'pending', $3, $4)`,
    values: [orderId, userId, currency, totalMinor],
  });
  await runner.query({
    name: 'create-lines',
    text: `INSERT INTO order_lines (order_id, position, product_id, sku, name, quantity, unit_price_minor)
     SELECT $1, line.position - 1, line.product_id, line.sku, line.name, line.quantity, line.unit_price_minor
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[])
       WITH ORDINALITY AS line (product_id, sku, name, quantity, unit_price_minor, position)`,
    values: [
      orderId,
      lines.map((line) => line.productId),
      lines.map((line) => line.sku),
      lines.map((line) => line.name),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPriceMinor),
    ],
  });
}

/** @throws Error when the stock of a product is insufficient */
export async function reserve(runner: Runner, orderId: string, lines: readonly OrderLine[]): Promise<void> {
  const products = lines.map((line) => line.productId);
  const quantities = lines.map((line) => line.quantity);
  await runner.query({
    name: 'create-reservation',
    text: `INSERT INTO reservations (order_id, status, product_ids, quantities) VALUES ($1, 'reserved', $2, $3)`,
    values: [orderId, products, quantities],
  });
  const { rows } = await runner.query({
    name: 'reserve',
    text: `WITH locked AS (
       SELECT stock.product_id, line.quantity
       FROM stock JOIN unnest($1::uuid[], $2::bigint[]) AS line (product_id, quantity) USING (product_id)
       ORDER BY stock.product_id FOR UPDATE OF stock)
     UPDATE stock SET reserved = reserved + locked.quantity FROM locked
     WHERE stock.product_id = locked.product_id AND stock.on_hand - stock.reserved >= locked.quantity
     RETURNING stock.product_id`,
    values: [products, quantities],
  });
  if (rows.length < lines.length) throw new Error('there is not enough stock');
}

/** The sandbox's ledger and the payment, in one statement. @returns the payment's id */
export async function charge(runner: Runner, placement: Placement): Promise<string> {
  const { orderId, userId, totalMinor, currency } = placement;
  const paymentId = uuidv7();
  const reference = `sandbox_${orderId}`;
  await runner.query({
    name: 'charge-sandbox',
    text: `INSERT INTO sandbox_charges (key, reference, amount_minor, currency, outcome)
     VALUES ($1, $2, $3, $4, 'captured')`,
    values: [orderId, reference, totalMinor, currency],
  });
  await runner.query({
    name: 'create-payment',
    text: `INSERT INTO payments (id, order_id, user_id, amount_minor, currency, method, status, reference)
     VALUES ($1, $2, $3, $4, $5, 'pm_card_ok', 'captured', $6)`,
    values: [paymentId, orderId, userId, totalMinor, currency, reference],
  });
  await writeEvent(runner, 'payments.captured.v1', orderId, { paymentId, orderId, userId });
  return paymentId;
}

export async function confirm(runner: Runner, placement: Placement, paymentId: string): Promise<void> {
  const { orderId, userId, totalMinor, currency } = placement;
  await runner.query({
    name: 'confirm-order',
    text: `UPDATE orders SET status = 'confirmed', payment_id = $2, confirmed_at = now(), updated_at = now()
     WHERE id = $1 AND status = 'pending'`,
    values: [orderId, paymentId],
  });
  const total = { amountMinor: totalMinor, currency };
  await writeEvent(runner, 'orders.confirmed.v1', orderId, { orderId, userId, total });
}

/** An event for a relay; the benchmark has none. */
async function writeEvent(runner: Runner, type: string, key: string, data: object): Promise<void> {
  const id = uuidv7();
  await runner.query({
    name: 'write-event',
    text: 'INSERT INTO outbox (event_id, type, key, envelope) VALUES ($1, $2, $3, $4)',
    values: [
      id,
      type,
      key,
      JSON.stringify({ specversion: '1.0', id, type, subject: key, time: new Date().toISOString(), data }),
    ],
  });
}
