import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '@fissile/kit/database';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { type OrderStatus, TRANSITIONS } from '../domain/order.js';
import { OrderEntity, OrderLineEntity } from './order.entity.js';
import { OrderRepository } from './order-repository.js';
import { ORDERS_MIGRATIONS } from './orders.migration.js';

const STATUSES = Object.keys(TRANSITIONS) as OrderStatus[];

describe('The status of an order in the database', () => {
  let opened: TestDatabase;
  let orders: OrderRepository;

  before(async () => {
    opened = await openTestDatabase({
      entities: [OrderEntity, OrderLineEntity],
      migrations: ORDERS_MIGRATIONS,
    });
    orders = new OrderRepository(opened.database);
  });

  after(() => opened.close());

  /** Every statement that changes it. */
  const moves: Record<string, (transaction: Transaction, id: string) => Promise<unknown>> = {
    confirm: async (transaction, orderId) =>
      orders.confirm(
        transaction,
        [{ orderId, paymentId: uuidv7(), confirmedAt: new Date() }],
        () => new Error('it is not pending'),
      ),
    cancel: (transaction, id) => orders.cancel(transaction, id, { code: 'c', message: 'm' }, null),
    beginCancelling: (transaction, id) => orders.move(transaction, id, 'cancelling'),
    beginShipping: (transaction, id) => orders.move(transaction, id, 'shipping'),
    ship: (transaction, id) => orders.move(transaction, id, 'shipped'),
    beginReturning: (transaction, id) => orders.move(transaction, id, 'returning'),
    takeBack: (transaction, id) => orders.move(transaction, id, 'returned'),
    requestCancellation: (transaction, id) => orders.requestCancellation(transaction, id),
  };

  async function insert(status: OrderStatus): Promise<string> {
    const id = uuidv7();
    await opened.database.query(
      `INSERT INTO orders (id, user_id, status, currency, total_minor, confirmed_at, reason_code)
       VALUES ($1, $1, $2, 'USD', 1, now(), CASE WHEN $2 = 'cancelled' THEN 'c' END)`,
      [id, status],
    );
    return id;
  }

  async function statusOf(id: string): Promise<OrderStatus> {
    const [row] = await opened.database.query<{ status: OrderStatus }>(
      'SELECT status FROM orders WHERE id = $1',
      [id],
    );
    assert.ok(row);
    return row.status;
  }

  it('moves as the transition table says, and no other way', async () => {
    const seen = new Map<OrderStatus, Set<OrderStatus>>();
    for (const from of STATUSES) {
      const reached = new Set<OrderStatus>();
      for (const move of Object.values(moves)) {
        const id = await insert(from);
        await opened.database.transaction((transaction) => move(transaction, id)).catch(() => undefined);
        const to = await statusOf(id);
        if (to !== from) reached.add(to);
      }
      seen.set(from, reached);
    }
    assert.deepEqual(
      Object.fromEntries([...seen].map(([from, reached]) => [from, [...reached].sort()])),
      Object.fromEntries(STATUSES.map((from) => [from, [...TRANSITIONS[from]].sort()])),
    );
  });

  it('is written by no statement but those made from the table', () => {
    const root = join(import.meta.dirname, '..');
    const files = globSync('**/*.js', { cwd: root }).filter(
      (file) => !/\.spec\.js$|\.migration\.js$/.test(file),
    );
    const updates = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bUPDATE\s+orders\b[^`;]*/g)].map(([sql]) => sql),
    );
    assert.ok(updates.length >= 4, 'it finds them');
    assert.deepEqual(
      updates.filter((sql) => /\bstatus\s*(=|IN\b)/.test(sql)),
      [],
    );
  });
});
