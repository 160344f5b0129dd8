import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { StripeFake } from '../../../../test/harness/stripe-fake.js';
import {
  ChargeOutcomeUnknown,
  MethodUnknown,
  ProviderUnavailable,
  RefundRefused,
} from '../domain/payment-provider.js';
import { StripeProvider } from './stripe-provider.js';

describe('The Stripe adapter', () => {
  let stripe: StripeFake;
  let provider: StripeProvider;
  let balanceBefore: number;

  before(async () => {
    stripe = await StripeFake.start();
    provider = connect();
  });
  beforeEach(() => (balanceBefore = stripe.balance));
  after(() => stripe.stop());

  const connect = ({ secretKey = StripeFake.SECRET_KEY, timeoutMs = 10_000 } = {}) =>
    new StripeProvider({ secretKey, timeoutMs, apiUrl: stripe.url });
  /** A client with a time-out that is short, and still long enough for responses that arrive. */
  const connectImpatiently = () => connect({ timeoutMs: 3_000 });
  const order = (method = 'pm_card_visa', amountMinor = 1_999) => ({
    key: uuidv7(),
    amountMinor,
    currency: 'USD',
    method,
  });
  const moved = () => stripe.balance - balanceBefore;

  it('captures, and gives the same result for a repeated request', async () => {
    const request = order();
    const result = await provider.charge(request);
    assert.equal(result.outcome, 'captured');
    assert.deepEqual(await provider.charge(request), result);
    assert.deepEqual(await provider.findCharge(request), result);
    assert.deepEqual(await provider.abandon(request), result);
    assert.equal(moved(), 1_999);
    assert.equal(stripe.intents.get(result.reference)?.currency, 'usd');
  });

  it('reports a decline with its reason, and does not retry the card', async () => {
    const request = order('pm_card_visa_chargeDeclined');
    const declined = { outcome: 'declined', reason: 'generic_decline' };
    assert.deepEqual(await provider.charge(request), declined);
    const confirmations = () => stripe.requests.filter((line) => line.endsWith('/confirm')).length;
    const before = confirmations();
    assert.deepEqual(await provider.charge(request), declined);
    assert.deepEqual(await provider.findCharge(request), declined);
    assert.equal(confirmations(), before);
  });

  it('does not know the outcome when the response is lost, finds it by a query, and never charges twice', async () => {
    const request = order();
    stripe.failNext('confirm', 'unanswered');
    await assert.rejects(connectImpatiently().charge(request), ChargeOutcomeUnknown);
    const found = await provider.findCharge(request);
    assert.equal(found?.outcome, 'captured');
    assert.deepEqual(await provider.charge(request), found);
    assert.equal(moved(), 1_999);
  });

  it('does not know the outcome after an error of Stripe, queries it, and charges when nothing was done', async () => {
    const request = order();
    stripe.failNext('confirm', 'refused');
    await assert.rejects(provider.charge(request), ChargeOutcomeUnknown);
    assert.equal(await provider.findCharge(request), undefined);
    assert.equal(moved(), 0);
    assert.equal((await provider.charge(request)).outcome, 'captured');
    assert.equal(moved(), 1_999);
  });

  it('is sure that nothing was charged when not even the intent was answered', async () => {
    for (const fault of ['refused', 'unanswered'] as const) {
      const request = order();
      stripe.failNext('payment_intents', fault);
      await assert.rejects(connectImpatiently().charge(request), ProviderUnavailable);
      assert.equal((await provider.charge(request)).outcome, 'captured');
    }
    assert.equal(moved(), 2 * 1_999);
  });

  it('an abandoned charge cannot be captured', async () => {
    const request = order();
    assert.equal(await provider.abandon(request), undefined);
    assert.equal(await provider.abandon(request), undefined);
    assert.deepEqual(await provider.charge(request), { outcome: 'declined', reason: 'abandoned' });
    assert.equal(moved(), 0);
  });

  it('finds a charge whose idempotency key Stripe has forgotten', async () => {
    const request = order();
    const result = await provider.charge(request);
    stripe.forgetKeys();
    assert.deepEqual(await provider.findCharge(request), result);
    stripe.forgetKeys();
    assert.deepEqual(await provider.abandon(request), result);
  });

  it('refunds in parts, each once, whatever happens to the answers and the keys', async () => {
    const charged = await provider.charge(order());
    assert.equal(charged.outcome, 'captured');
    const refund = { key: uuidv7(), reference: charged.reference, amountMinor: 500, currency: 'USD' };
    stripe.failNext('refunds', 'refused');
    await assert.rejects(provider.refund(refund), ProviderUnavailable);
    await provider.refund(refund);
    await provider.refund(refund);
    stripe.forgetKeys();
    await provider.refund(refund);
    assert.equal(moved(), 1_499);
    await provider.refund({ ...refund, key: uuidv7(), amountMinor: 1_499 });
    assert.equal(moved(), 0);
  });

  it('retries a refund that the bank has returned', async () => {
    const charged = await provider.charge(order());
    assert.equal(charged.outcome, 'captured');
    const refund = { key: uuidv7(), reference: charged.reference, amountMinor: 1_999, currency: 'USD' };
    await provider.refund(refund);
    for (const refund of stripe.refunds) {
      if (refund.payment_intent === charged.reference) refund.status = 'failed';
    }
    assert.equal(moved(), 1_999);
    await provider.refund(refund);
    await provider.refund(refund);
    assert.equal(moved(), 0);
  });

  it('waits for the customer where the bank asks and the caller can wait, and declines otherwise', async () => {
    const card = 'pm_card_threeDSecureRequired';
    const unasked = order(card);
    const declined = { outcome: 'declined', reason: 'authentication_required' };
    assert.deepEqual(await provider.charge(unasked), declined);
    const request = { ...order(card), mayNeedAction: true };
    const pending = await provider.charge(request);
    assert.equal(pending.outcome, 'pending');
    const { client_secret: clientSecret } = stripe.intentOf(request.key);
    assert.deepEqual(pending.action, { type: 'use_stripe_sdk', clientSecret });
    assert.deepEqual(await provider.charge(request), pending);
    // Stripe forgets keys after a day, and its search finds no intents that have not succeeded.
    stripe.forgetKeys();
    const known = { ...request, reference: pending.reference };
    assert.deepEqual(await provider.findCharge(known), pending);
    stripe.authenticate(request.key, true);
    assert.deepEqual(await provider.findCharge(known), { outcome: 'captured', reference: pending.reference });
    assert.equal(moved(), 1_999);
  });

  it('takes away what an abandoned charge lets the customer do', async () => {
    const request = { ...order('pm_card_threeDSecureRequired'), mayNeedAction: true };
    const pending = await provider.charge(request);
    assert.equal(pending.outcome, 'pending');
    assert.equal(await provider.abandon({ ...request, reference: pending.reference }), undefined);
    assert.equal(stripe.intentOf(request.key).status, 'canceled');
    assert.equal(moved(), 0);
  });

  it('tells a refund that is refused for good from one that may succeed later', async () => {
    const charged = await provider.charge(order());
    assert.equal(charged.outcome, 'captured');
    const refund = { key: uuidv7(), reference: charged.reference, amountMinor: 500, currency: 'USD' };
    stripe.failNext('refunds', 'refused');
    await assert.rejects(provider.refund(refund), ProviderUnavailable);
    assert.equal(await provider.findRefund(refund), undefined);
    try {
      stripe.fateOfRefunds = 'refused';
      await assert.rejects(provider.refund(refund), (error) => {
        assert.ok(error instanceof RefundRefused);
        assert.equal(error.message, 'charge_disputed');
        return true;
      });
      stripe.fateOfRefunds = 'failed';
      await assert.rejects(provider.refund(refund), RefundRefused);
    } finally {
      stripe.fateOfRefunds = 'succeed';
    }
    const refused = { outcome: 'refused', reason: 'expired_or_canceled_card' };
    assert.deepEqual(await provider.findRefund(refund), refused);
    await provider.refund(refund);
    assert.deepEqual(await provider.findRefund(refund), { outcome: 'done' });
    assert.equal(moved(), 1_499);
  });

  it('treats a charge as refunded that was refunded at Stripe', async () => {
    const charged = await provider.charge(order());
    assert.equal(charged.outcome, 'captured');
    const refund = { key: uuidv7(), reference: charged.reference, amountMinor: 1_999, currency: 'USD' };
    await provider.refund({ ...refund, key: 'by hand' });
    await provider.refund(refund);
    assert.equal(moved(), 0);
  });

  it('names an unknown payment method, and declines what Stripe will never accept', async () => {
    await assert.rejects(provider.charge(order('pm_of_another_shop')), MethodUnknown);
    const tooLarge = order('pm_card_visa', 100_000_000);
    assert.deepEqual(await provider.charge(tooLarge), { outcome: 'declined', reason: 'amount_too_large' });
    assert.equal(await provider.abandon(tooLarge), undefined);
  });

  it('is unavailable when the secret key is rejected, and does not reveal the key', async () => {
    await assert.rejects(connect({ secretKey: 'sk_test_wrong' }).charge(order()), (error: Error) => {
      assert.ok(error instanceof ProviderUnavailable);
      assert.doesNotMatch(error.message, /sk_test/);
      return true;
    });
  });
});
