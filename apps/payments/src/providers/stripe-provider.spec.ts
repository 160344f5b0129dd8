import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { StripeStandIn } from '#libs/testing';
import { StripeProvider } from './stripe-provider.js';

describe('StripeProvider', () => {
  const standIn = new StripeStandIn();
  let provider: StripeProvider;
  let key = 0;

  before(async () => {
    const apiUrl = await standIn.start();
    provider = new StripeProvider({ secretKey: 'sk_test_stand_in', timeoutMs: 2_000, apiUrl });
  });

  beforeEach(() => {
    key += 1;
    standIn.charged.clear();
    standIn.refunded.clear();
  });

  after(() => standIn.stop());

  const order = (method = 'pm_card_visa') => ({
    key: `order-${key}`,
    amountMinor: 1_999,
    currency: 'USD',
    method,
  });
  const moneyMoved = () => [...standIn.charged.values()];

  it('charges an order once, however often it is asked', async () => {
    const first = await provider.charge(order());
    assert.equal(first.outcome, 'captured');
    assert.deepEqual(await provider.charge(order()), first);
    assert.deepEqual(moneyMoved(), [1_999]);
  });

  it('tells a decline with its reason', async () => {
    const declined = { outcome: 'declined', reason: 'generic_decline' };
    assert.deepEqual(await provider.charge(order('pm_card_chargeDeclined')), declined);
    assert.deepEqual(moneyMoved(), []);
  });

  it('tells a payment method that Stripe does not know', async () => {
    await assert.rejects(provider.charge(order('pm_nothing')), { name: 'MethodUnknown' });
  });

  it('does not guess when the answer is lost, and finds the charge when it asks', async () => {
    // Twice: the SDK repeats a request by itself when a connection breaks.
    standIn.faults.push('lose', 'lose');
    await assert.rejects(provider.charge(order()), { name: 'ChargeOutcomeUnknown' });
    assert.deepEqual(moneyMoved(), [1_999]);
    assert.equal((await provider.findCharge(order()))?.outcome, 'captured');
    assert.deepEqual(moneyMoved(), [1_999]);
  });

  it('treats a fault of Stripe as an unknown outcome', async () => {
    standIn.faults.push('fail');
    await assert.rejects(provider.charge(order()), { name: 'ChargeOutcomeUnknown' });
    standIn.faults.push('fail');
    await assert.rejects(provider.findCharge(order()), { name: 'ProviderUnavailable' });
  });

  it('refunds once by key, also when the first answer is lost', async () => {
    const charge = await provider.charge(order());
    assert.ok(charge.outcome === 'captured');
    const refund = { key: `refund-${key}`, reference: charge.reference, amountMinor: 500, currency: 'USD' };
    // Twice: the SDK repeats a request by itself when a connection breaks.
    standIn.faults.push('lose', 'lose');
    await assert.rejects(provider.refund(refund), { name: 'ProviderUnavailable' });
    await provider.refund(refund);
    assert.deepEqual([...standIn.refunded], [[charge.reference, 500]]);
  });
});
