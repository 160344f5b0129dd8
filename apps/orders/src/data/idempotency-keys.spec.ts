import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { OrdersSettings } from '../orders.settings.js';
import { forgottenKeys, IdempotencyKeys } from './idempotency-keys.js';
import { ORDERS_MIGRATIONS } from './orders.migration.js';

describe('Idempotency keys of orders', () => {
  let opened: TestDatabase;

  before(async () => {
    opened = await openTestDatabase({ migrations: ORDERS_MIGRATIONS });
  });

  after(() => opened.close());

  it('are forgotten after as many days as the setting says', async () => {
    const userId = randomUUID();
    const orderId = randomUUID();
    const keys = new IdempotencyKeys(opened.database);
    for (const [key, days] of [
      ['old', 31],
      ['young', 29],
    ] as const)
      await opened.database.query(
        `INSERT INTO idempotency_keys (user_id, key, request_hash, order_id, created_at)
         VALUES ($1, $2, '', $3, now() - $4 * interval '1 day')`,
        [userId, key, orderId, days],
      );
    const settings = new OrdersSettings({ IDEMPOTENCY_KEY_DAYS: 30, PAYMENT_ACTION_SECONDS: 900 });
    await forgottenKeys(opened.database, settings).deleteOld();
    assert.equal(await keys.find(userId, 'old'), undefined);
    assert.equal((await keys.find(userId, 'young'))?.orderId, orderId);
  });
});
