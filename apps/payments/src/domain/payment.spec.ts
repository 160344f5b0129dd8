import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decideRefund, type Refund, refundable } from './payment.js';

const done = (amountMinor: number): Refund => ({
  id: '',
  amountMinor,
  status: 'done',
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

  it('only a captured payment can be refunded', () => {
    const codes = Object.fromEntries(
      (['unknown', 'captured', 'declined', 'refunded', 'voided'] as const).map((status) => {
        const decision = decideRefund({ amountMinor: 5, refunds: [], status });
        return [status, decision.ok ? 'ok' : decision.code];
      }),
    );
    assert.deepEqual(codes, {
      unknown: 'payment_not_refundable',
      captured: 'ok',
      declined: 'payment_not_refundable',
      refunded: 'refund_exceeds_payment',
      voided: 'payment_not_refundable',
    });
  });
});
