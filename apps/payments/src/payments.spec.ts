import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { ContextError } from '#libs/contracts';
import { CreateMessaging1700000000000, Outbox } from '#libs/messaging';
import { openTestDatabase, type TestDatabase } from '#libs/testing';
import { ChargeService } from './charge.service.js';
import { PaymentEntity, RefundEntity } from './data/payment.entity.js';
import { PaymentRepository } from './data/payment-repository.js';
import { CreatePayments1763000000004 } from './data/payments.migration.js';
import { RefundRepository } from './data/refund-repository.js';
import {
  ChargeOutcomeUnknown,
  type ChargeOrder,
  type ChargeResult,
  PaymentProvider,
  ProviderUnavailable,
  type RefundOrder,
} from './domain/payment-provider.js';
import { RefundService } from './refund.service.js';

type Fault = 'none' | 'before' | 'after';

/** A provider with a ledger of its own, which fails before or after it has done what it was asked. */
class FaultyProvider extends PaymentProvider {
  readonly charges = new Map<string, number>();
  readonly refunds = new Map<string, number>();
  faults: Fault[] = [];

  async charge({ key, amountMinor }: ChargeOrder): Promise<ChargeResult> {
    const fault = this.faults.shift();
    if (fault === 'before') throw new ProviderUnavailable('before');
    this.charges.set(key, amountMinor);
    if (fault === 'after') throw new ChargeOutcomeUnknown('after');
    return { outcome: 'captured', reference: `ref-${key}` };
  }

  async findCharge({ key }: ChargeOrder): Promise<ChargeResult | undefined> {
    if (this.faults.shift() === 'before') throw new ProviderUnavailable('before');
    return this.charges.has(key) ? { outcome: 'captured', reference: `ref-${key}` } : undefined;
  }

  async refund({ key, amountMinor }: RefundOrder): Promise<void> {
    const fault = this.faults.shift();
    if (fault === 'before') throw new ProviderUnavailable('before');
    this.refunds.set(key, amountMinor);
    if (fault === 'after') throw new ProviderUnavailable('after');
  }

  get kept(): number {
    const sum = (amounts: Iterable<number>) => [...amounts].reduce((total, amount) => total + amount, 0);
    return sum(this.charges.values()) - sum(this.refunds.values());
  }
}

describe('Payments', () => {
  let opened: TestDatabase;

  before(async () => {
    opened = await openTestDatabase({
      entities: [PaymentEntity, RefundEntity],
      migrations: [CreateMessaging1700000000000, CreatePayments1763000000004],
    });
  });

  after(() => opened.close());

  function open(provider: PaymentProvider) {
    const { database } = opened;
    const payments = new PaymentRepository(database);
    const outbox = new Outbox(database);
    const charges = new ChargeService(database, payments, provider, outbox);
    const refunds = new RefundService(
      database,
      payments,
      new RefundRepository(database),
      provider,
      charges,
      outbox,
    );
    return { payments, charges, refunds };
  }

  const request = () => ({
    orderId: uuidv7(),
    userId: uuidv7(),
    amountMinor: 1_000,
    currency: 'USD',
    method: 'any',
  });

  /** Calls until it succeeds or is refused for good, as the saga does. */
  async function insist<T>(call: () => Promise<T>): Promise<T | string> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        assert.ok(error instanceof ContextError, String(error));
        if (!error.retryable) return error.code;
      }
    }
  }

  it('an order that was given up before it was charged cannot be charged any more', async () => {
    const provider = new FaultyProvider();
    const { charges, refunds, payments } = open(provider);
    const charge = request();
    assert.equal(await refunds.refundOrder(charge.orderId, charge), undefined);
    await assert.rejects(charges.charge(charge), { code: 'payment_voided' });
    assert.equal(provider.kept, 0);
    assert.deepEqual(await payments.list({ orderId: charge.orderId }, 10), [], 'nobody is shown it');
  });

  it('a charge that nobody wrote down is found and refunded', async () => {
    const provider = new FaultyProvider();
    const charge = request();
    await provider.charge({ key: charge.orderId, ...charge });
    const { refunds } = open(provider);
    await refunds.refundOrder(charge.orderId, charge);
    assert.equal(provider.kept, 0);
    assert.equal(provider.charges.size, 1);
  });

  it('a charge that comes back after the order was given up is taken back', async () => {
    const provider = new FaultyProvider();
    const { charges, refunds } = open(provider);
    const charge = request();
    const answer = Promise.withResolvers<void>();
    const slow = provider.charge.bind(provider);
    provider.charge = async (order) => {
      await answer.promise;
      return slow(order);
    };
    const late = charges.charge(charge);
    await refunds.refundOrder(charge.orderId, charge);
    answer.resolve();
    await assert.rejects(late, { code: 'payment_voided' });
    assert.equal(provider.kept, 0);
  });

  it('with any faults, in any order, what the provider keeps is what the payment says', async () => {
    const fault = fc.constantFrom<Fault>('none', 'before', 'after');
    const action = fc.constantFrom('charge', 'refund part', 'refund all');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 12 }),
        fc.array(action, { maxLength: 6 }),
        async (faults, actions) => {
          const provider = new FaultyProvider();
          provider.faults = [...faults];
          const { charges, refunds, payments } = open(provider);
          const charge = request();
          for (const name of actions) {
            const payment = await payments.findByOrder(charge.orderId);
            if (name === 'charge') await insist(() => charges.charge(charge));
            else if (name === 'refund all') await insist(() => refunds.refundOrder(charge.orderId, charge));
            else if (payment) {
              const part = {
                paymentId: payment.id,
                amountMinor: 300,
                request: { key: uuidv7(), hash: Buffer.from('x') },
              };
              await insist(() => refunds.refund(part));
            }
          }
          const end = await payments.findByOrder(charge.orderId);
          if (end) await insist(() => refunds.finish(end.id));
          const final = await payments.findByOrder(charge.orderId);
          const charged =
            final?.status === 'captured' || final?.status === 'refunded' ? final.amountMinor : 0;
          const refunded = (final?.refunds ?? []).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
          assert.equal(provider.kept, charged - refunded);
          assert.ok(provider.kept >= 0 && provider.charges.size <= 1);
          if (final?.status === 'refunded') assert.equal(provider.kept, 0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
