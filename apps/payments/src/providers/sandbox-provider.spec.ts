import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { PAYMENTS_MIGRATIONS } from '../data/payments.migration.js';
import { ChargeOutcomeUnknown, MethodUnknown, ProviderUnavailable } from '../domain/payment-provider.js';
import { SandboxCustomer } from './sandbox-customer.js';
import { SandboxProvider } from './sandbox-provider.js';

describe('The sandbox provider', () => {
  let opened: TestDatabase;
  let sandbox: SandboxProvider;

  before(async () => {
    opened = await openTestDatabase({ migrations: PAYMENTS_MIGRATIONS });
    sandbox = new SandboxProvider(opened.database);
  });
  after(() => opened.close());

  const order = (method: string) => ({ key: uuidv7(), amountMinor: 500, currency: 'USD', method });
  const declined = (reason: string) => ({ outcome: 'declined', reason });

  it('pm_card_ok is captured once, also for concurrent requests', async () => {
    const request = order('pm_card_ok');
    assert.equal(await sandbox.findCharge(request), undefined);
    const results = await Promise.all(Array.from({ length: 10 }, () => sandbox.charge(request)));
    const expected = { outcome: 'captured', reference: `sandbox_${request.key}` };
    for (const result of [...results, await sandbox.findCharge(request)]) assert.deepEqual(result, expected);
  });

  it('pm_card_declined is declined', async () => {
    const request = order('pm_card_declined');
    assert.deepEqual(await sandbox.charge(request), declined('card_declined'));
    assert.deepEqual(await sandbox.findCharge(request), declined('card_declined'));
  });

  it('pm_card_timeout is captured, but its first response is lost', async () => {
    const request = order('pm_card_timeout');
    await assert.rejects(sandbox.charge(request), ChargeOutcomeUnknown);
    assert.equal((await sandbox.findCharge(request))?.outcome, 'captured');
    assert.equal((await sandbox.charge(request)).outcome, 'captured');
  });

  it('pm_card_error_then_ok does nothing at first, and captures then', async () => {
    const request = order('pm_card_error_then_ok');
    await assert.rejects(sandbox.charge(request), ProviderUnavailable);
    assert.equal(await sandbox.findCharge(request), undefined);
    assert.equal((await sandbox.charge(request)).outcome, 'captured');
    assert.equal((await sandbox.charge(request)).outcome, 'captured');
  });

  it('pm_card_action waits for its customer, where the caller can wait', async () => {
    const unasked = order('pm_card_action');
    assert.deepEqual(await sandbox.charge(unasked), declined('card_declined'));
    const customer = new SandboxCustomer(opened.database);
    for (const approves of [true, false]) {
      const request = { ...order('pm_card_action'), mayNeedAction: true };
      assert.equal((await sandbox.charge(request)).outcome, 'pending');
      assert.equal((await sandbox.findCharge(request))?.outcome, 'pending');
      assert.equal(await customer.answer(request.key, approves), true);
      assert.equal(await customer.answer(request.key, !approves), false);
      const { outcome } = await sandbox.charge(request);
      assert.equal(outcome, approves ? 'captured' : 'declined');
    }
    const given = { ...order('pm_card_action'), mayNeedAction: true };
    await sandbox.charge(given);
    assert.equal(await sandbox.abandon(given), undefined);
    assert.equal(await customer.answer(given.key, true), false);
  });

  it('other methods are unknown, those of every object too', async () => {
    for (const method of ['pm_card_other', 'constructor'])
      await assert.rejects(sandbox.charge(order(method)), MethodUnknown);
  });

  it('an abandoned charge cannot be captured, a captured one stays', async () => {
    for (const method of ['pm_card_ok', 'pm_card_error_then_ok']) {
      const request = order(method);
      if (method !== 'pm_card_ok') await assert.rejects(sandbox.charge(request));
      assert.equal(await sandbox.abandon(request), undefined);
      assert.deepEqual(await sandbox.charge(request), declined('abandoned'));
    }
    const made = order('pm_card_ok');
    const result = await sandbox.charge(made);
    assert.deepEqual(await sandbox.abandon(made), result);
  });

  it('refunds once for each key', async () => {
    const refund = { key: uuidv7(), reference: 'r', amountMinor: 5, currency: 'USD' };
    await Promise.all([sandbox.refund(refund), sandbox.refund(refund)]);
    await sandbox.refund(refund);
    const rows = await opened.database.query('SELECT 1 FROM sandbox_refunds WHERE key = $1', [refund.key]);
    assert.equal(rows.length, 1);
  });
});
