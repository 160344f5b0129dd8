import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decideRefund, type Refund, refundable, statusByRefunds } from './payment.js';

const done = (amountMinor: number): Refund => ({
  id: '',
  amountMinor,
  status: 'done',
  failureReason: null,
  createdAt: new Date(0),
});

describe('Refunds', () => {
  it('any sequence of refunds gives back at most what was paid', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.array(fc.option(fc.integer({ min: 1, max: 10_000 }))),
        (paid, wishes) => {
          const refunds: Refund[] = [];
          for (const wish of wishes) {
            const decision = decideRefund(
              { amountMinor: paid, refunds, status: 'captured' },
              wish ?? undefined,
            );
            if (decision.ok) refunds.push(done(decision.amountMinor));
          }
          assert.ok(refundable({ amountMinor: paid, refunds }) >= 0);
        },
      ),
    );
  });

  it('one that was refused gives nothing back, and is shown until all is given back', () => {
    const failed: Refund = { ...done(60), status: 'failed', failureReason: 'lost_or_stolen_card' };
    const payment = (...refunds: Refund[]) => ({ amountMinor: 100, refunds });
    assert.equal(refundable(payment(done(10), failed)), 90);
    assert.equal(statusByRefunds(payment(done(10), failed)), 'refund_failed');
    assert.equal(statusByRefunds(payment(done(40), failed, done(60))), 'refunded');
    assert.equal(statusByRefunds(payment(done(40), { ...done(60), status: 'pending' })), 'captured');
  });

  it('only a captured payment can be refunded', () => {
    const codes = Object.fromEntries(
      (['unknown', 'pending', 'captured', 'declined', 'refunded', 'refund_failed', 'voided'] as const).map(
        (status) => {
          const decision = decideRefund({ amountMinor: 5, refunds: [], status });
          return [status, decision.ok ? 'ok' : decision.code];
        },
      ),
    );
    assert.deepEqual(codes, {
      unknown: 'payment_not_refundable',
      pending: 'payment_not_refundable',
      captured: 'ok',
      declined: 'payment_not_refundable',
      refunded: 'refund_exceeds_payment',
      refund_failed: 'ok',
      voided: 'payment_not_refundable',
    });
  });
});
