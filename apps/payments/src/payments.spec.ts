import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { AUDIT_MIGRATIONS, AuditLog } from '@fissile/kit/operations';
import { type ErrorCode, hasCode } from '@fissile/kit/contract';
import { MESSAGING_MIGRATIONS, Outbox } from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase, unreadCounter } from '@fissile/kit/testing';
import { ChargeService } from './charge.service.js';
import { PaymentEntity, RefundEntity } from './data/payment.entity.js';
import { PaymentRepository } from './data/payment-repository.js';
import { PAYMENTS_MIGRATIONS } from './data/payments.migration.js';
import { forgottenRefundKeys, RefundRepository } from './data/refund-repository.js';
import {
  ChargeOutcomeUnknown,
  type ChargeOrder,
  type ChargeResult,
  PaymentProvider,
  ProviderUnavailable,
  type RefundOrder,
  RefundRefused,
  type RefundResult,
} from './domain/payment-provider.js';
import { OrderRefundService } from './order-refund.service.js';
import { PaymentMetrics } from './payment-metrics.js';
import { RefundService } from './refund.service.js';

const FAULTS = ['none', 'refused', 'answer lost', 'crash before', 'crash after'] as const;
type Fault = (typeof FAULTS)[number];

/** Simulates the end of the process: no code of the project handles it. */
class Crash extends Error {}

/** A provider with a strict in-memory ledger, whose calls fail as the test specifies. */
class FaultyProvider extends PaymentProvider {
  readonly charges = new Map<string, ChargeOrder & { result: ChargeResult }>();
  readonly refunds = new Map<string, RefundOrder>();
  readonly faults: Fault[] = [];
  /** Whose bank takes no refunds. */
  readonly closedAccounts = new Set<string>();
  private readonly abandoned = new Set<string>();

  charge(order: ChargeOrder): Promise<ChargeResult> {
    return this.meetFault(ChargeOutcomeUnknown, () => this.insert(order));
  }

  findCharge({ key }: ChargeOrder): Promise<ChargeResult | undefined> {
    return this.meetFault(ProviderUnavailable, () => this.charges.get(key)?.result);
  }

  abandon({ key }: ChargeOrder): Promise<ChargeResult | undefined> {
    return this.meetFault(ProviderUnavailable, () => {
      this.abandoned.add(key);
      return this.charges.get(key)?.result;
    });
  }

  async refund(order: RefundOrder): Promise<void> {
    await this.meetFault(ProviderUnavailable, () => {
      if (this.closedAccounts.has(order.reference)) throw new RefundRefused('expired_or_canceled_card');
      const earlier = this.refunds.get(order.key);
      assert.ok(!earlier || earlier.amountMinor === order.amountMinor, 'a key stands for one refund');
      this.refunds.set(order.key, order);
      assert.ok(this.balanceOf(order.reference) >= 0, 'no more is refunded than was charged');
    });
  }

  findRefund({ key }: RefundOrder): Promise<RefundResult | undefined> {
    return this.meetFault(ProviderUnavailable, () =>
      this.refunds.has(key) ? ({ outcome: 'done' } as const) : undefined,
    );
  }

  /** What was charged for an order and not refunded. */
  balanceOf(orderId: string): number {
    const charge = this.charges.get(orderId);
    const refunds = [...this.refunds.values()].filter(({ reference }) => reference === orderId);
    const paid = charge?.result.outcome === 'captured' ? charge.amountMinor : 0;
    return refunds.reduce((balance, { amountMinor }) => balance - amountMinor, paid);
  }

  private insert(order: ChargeOrder): ChargeResult {
    const { key } = order;
    const earlier = this.charges.get(key)?.result;
    if (earlier) return earlier;
    if (this.abandoned.has(key)) return { outcome: 'declined', reason: 'abandoned' };
    const result: ChargeResult =
      order.method === 'declined'
        ? { outcome: 'declined', reason: 'card_declined' }
        : { outcome: 'captured', reference: key };
    this.charges.set(key, { ...order, result });
    return result;
  }

  private async meetFault<T>(Lost: new () => Error, effect: () => T): Promise<T> {
    const fault = this.faults.shift() ?? 'none';
    await Promise.resolve();
    if (fault === 'refused') throw new ProviderUnavailable();
    if (fault === 'crash before') throw new Crash();
    const result = effect();
    if (fault === 'answer lost') throw new Lost();
    if (fault === 'crash after') throw new Crash();
    return result;
  }
}

describe('Payments', () => {
  let opened: TestDatabase;
  let provider: FaultyProvider;
  let payments: PaymentRepository;
  let charges: ChargeService;
  let refunds: RefundService;
  let orderRefunds: OrderRefundService;

  before(async () => {
    opened = await openTestDatabase({
      entities: [PaymentEntity, RefundEntity],
      migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...PAYMENTS_MIGRATIONS],
    });
  });
  beforeEach(() => {
    const { database } = opened;
    const outbox = new Outbox(database);
    provider = new FaultyProvider();
    payments = new PaymentRepository(database);
    const metrics = new PaymentMetrics(unreadCounter('outcome'));
    refunds = new RefundService(
      ...([
        database,
        payments,
        new RefundRepository(database),
        provider,
        outbox,
        metrics,
        new AuditLog(database),
      ] as const),
    );
    charges = new ChargeService(database, payments, provider, outbox, metrics, refunds);
    orderRefunds = new OrderRefundService(database, payments, provider, charges, refunds);
  });
  after(() => opened.close());

  const newCharge = (method = 'ok') => ({
    orderId: uuidv7(),
    userId: uuidv7(),
    amountMinor: 1_000,
    currency: 'USD',
    method,
  });
  const part = (paymentId: string, amountMinor?: number) => ({
    paymentId,
    amountMinor,
    reason: null,
    request: null,
  });
  const failsWith = (code: ErrorCode) => (error: unknown) => hasCode(error, code);

  /** What the tables, and the published events, report as the customer's payments. */
  async function accountsOf(orderId: string): Promise<{ tables: number; events: number }> {
    const [row] = await opened.database.query<{ tables: number; events: number }>(
      `SELECT
         coalesce((SELECT sum(amount_minor) FROM payments
           WHERE order_id = $1 AND status IN ('captured', 'refunded')), 0)::int
         - coalesce((SELECT sum(refunds.amount_minor) FROM refunds JOIN payments ON payments.id = payment_id
           WHERE order_id = $1 AND refunds.status = 'done'), 0)::int AS tables,
         coalesce((SELECT sum((envelope #>> '{data,amount,amountMinor}')::int
             * CASE type WHEN 'payments.captured.v1' THEN 1 ELSE -1 END)
           FROM outbox WHERE envelope #>> '{data,orderId}' = $1::text), 0)::int AS events`,
      [orderId],
    );
    assert.ok(row);
    return row;
  }

  it('charges an order once, and answers the same again', async () => {
    const charge = newCharge();
    const { id } = await charges.charge(charge);
    assert.equal((await charges.charge(charge)).id, id);
    const all = await Promise.all([charges.charge(charge), charges.charge(charge)]);
    assert.deepEqual(
      all.map((charged) => charged.id),
      [id, id],
    );
    assert.deepEqual(await accountsOf(charge.orderId), { tables: 1_000, events: 1_000 });
  });

  it('of concurrent requests to charge an order one is recorded', async () => {
    const charge = newCharge();
    const charged = await Promise.all(Array.from({ length: 20 }, () => charges.charge(charge)));
    assert.equal(new Set(charged.map(({ id }) => id)).size, 1);
    assert.deepEqual(await accountsOf(charge.orderId), { tables: 1_000, events: 1_000 });
  });

  it('a decline is an answer that stays', async () => {
    const charge = newCharge('declined');
    for (let time = 0; time < 2; time += 1) {
      await assert.rejects(charges.charge(charge), (error) => {
        assert.ok(hasCode(error, 'payment_declined'));
        assert.deepEqual(error.details, { reason: 'card_declined' });
        return true;
      });
    }
    assert.equal((await payments.findByOrder(charge.orderId))?.status, 'declined');
    assert.equal(await orderRefunds.refundOrder(charge.orderId, charge), undefined);
  });

  it('an unknown outcome is shown as such, and resolved by querying the provider', async () => {
    const charge = newCharge();
    provider.faults.push('answer lost');
    await assert.rejects(charges.charge(charge), failsWith('payment_outcome_unknown'));
    assert.equal((await payments.findByOrder(charge.orderId))?.status, 'unknown');
    const { id } = await charges.charge(charge);
    assert.equal((await payments.find(id))?.status, 'captured');
    assert.equal(provider.balanceOf(charge.orderId), 1_000);
  });

  it('an abandoned order is not charged, and a late charge of it is refunded', async () => {
    const early = newCharge();
    assert.equal(await orderRefunds.refundOrder(early.orderId, early), undefined);
    await assert.rejects(charges.charge(early), failsWith('payment_voided'));
    const late = newCharge();
    await provider.charge({ ...late, key: late.orderId });
    assert.equal(await orderRefunds.refundOrder(late.orderId), undefined);
    await assert.rejects(charges.charge(late), failsWith('payment_voided'));
    assert.equal(provider.balanceOf(early.orderId) + provider.balanceOf(late.orderId), 0);
    assert.deepEqual(
      await payments.list({ orderId: early.orderId }, { limit: 1 }),
      [],
      'the mark is no payment',
    );
    assert.equal((await payments.list({ orderId: late.orderId }, { limit: 1 }))[0]?.status, 'refunded');
    assert.deepEqual(await accountsOf(late.orderId), { tables: 0, events: 0 });
    await assert.rejects(charges.charge(late), failsWith('payment_voided'));
  });

  it('a late charge of an abandoned order is shown when its refund is refused for good, for an operator to settle', async () => {
    const late = newCharge();
    await orderRefunds.refundOrder(late.orderId);
    await provider.charge({ ...late, key: late.orderId });
    provider.closedAccounts.add(late.orderId);
    for (let time = 0; time < 2; time += 1)
      await assert.rejects(charges.charge(late), failsWith('payment_voided'));
    const [payment] = await payments.list({ status: 'refund_failed', orderId: late.orderId }, { limit: 2 });
    assert.ok(payment);
    const { userId, amountMinor, currency } = late;
    const { refunds: refused, ...shown } = payment;
    assert.deepEqual({ ...shown, userId, amountMinor, currency }, shown);
    assert.deepEqual(
      refused.map(({ status, failureReason }) => ({ status, failureReason })),
      [{ status: 'failed', failureReason: 'expired_or_canceled_card' }],
    );
    assert.deepEqual(
      await orderRefunds.refundOrder(late.orderId),
      payment.id,
      'which refunds no more by itself',
    );
    const [{ id: refundId } = { id: '' }] = refused;
    const settled = await refunds.decide(payment.id, refundId, 'settle');
    assert.equal(settled.status, 'refunded');
    assert.deepEqual(await accountsOf(late.orderId), { tables: 0, events: 0 });
  });

  it('a late charge of an abandoned order is refunded later when the provider is down', async () => {
    const late = newCharge();
    await orderRefunds.refundOrder(late.orderId);
    await provider.charge({ ...late, key: late.orderId });
    provider.faults.push('none', 'refused');
    await assert.rejects(charges.charge(late), failsWith('payment_voided'));
    assert.equal(provider.balanceOf(late.orderId), 1_000);
    const [payment] = await payments.list({ orderId: late.orderId }, { limit: 1 });
    await refunds.finish(payment?.id ?? '');
    assert.equal(provider.balanceOf(late.orderId), 0);
  });

  it('a payment of unknown outcome that was never made is shown as abandoned', async () => {
    const charge = newCharge();
    provider.faults.push('answer lost');
    await assert.rejects(charges.charge(charge));
    provider.charges.clear();
    assert.equal(await orderRefunds.refundOrder(charge.orderId), undefined);
    assert.equal((await payments.list({ orderId: charge.orderId }, { limit: 1 }))[0]?.status, 'voided');
  });

  it('forgets how somebody paid, except where the outcome is yet to be asked for', async () => {
    const known = newCharge();
    const open = { ...newCharge(), userId: known.userId };
    await charges.charge(known);
    provider.faults.push('answer lost');
    await assert.rejects(charges.charge(open), failsWith('payment_outcome_unknown'));
    const forget = () =>
      opened.database.transaction((transaction) => payments.forgetMethods(transaction, known.userId));
    const methods = async () =>
      (await payments.list({ userId: known.userId }, { limit: 2 })).map(({ method }) => method).sort();
    assert.equal(await forget(), 1);
    assert.deepEqual(await methods(), ['', 'ok']);
    await charges.charge(open);
    assert.equal(await forget(), 0);
    assert.deepEqual(await methods(), ['', '']);
  });

  it('finds and refunds a charge that was not recorded', async () => {
    const charge = newCharge();
    provider.faults.push('crash after');
    await assert.rejects(charges.charge(charge), Crash);
    assert.equal(await payments.findByOrder(charge.orderId), undefined);
    const id = await orderRefunds.refundOrder(charge.orderId, charge);
    assert.equal((await payments.find(id ?? ''))?.status, 'refunded');
    assert.deepEqual(await accountsOf(charge.orderId), { tables: 0, events: 0 });
    assert.equal(provider.balanceOf(charge.orderId), 0);
  });

  it('refunds in parallel never give back more than was paid', async () => {
    const charge = newCharge();
    const { id } = await charges.charge(charge);
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => refunds.refund(part(id, 150))));
    const refused = results.filter(({ status }) => status === 'rejected');
    assert.equal(refused.length, 6);
    for (const { reason } of refused as PromiseRejectedResult[])
      assert.ok(hasCode(reason, 'refund_exceeds_payment'));
    assert.equal(provider.balanceOf(charge.orderId), 100);
    assert.equal((await payments.find(id))?.status, 'captured');
    assert.equal((await refunds.refund(part(id))).amountMinor, 100, 'without an amount: all that is left');
    assert.equal((await payments.find(id))?.status, 'refunded');
  });

  it('the same refund request is done once, and its key cannot be used for another', async () => {
    const { id } = await charges.charge(newCharge());
    const request = { key: 'k', hash: Buffer.from('one body') };
    const [one, other] = await Promise.all([
      refunds.refund({ ...part(id, 300), request }),
      refunds.refund({ ...part(id, 300), request }),
    ]);
    assert.equal(one.id, other.id);
    const another = { ...part(id, 400), request: { ...request, hash: Buffer.from('another body') } };
    await assert.rejects(refunds.refund(another), failsWith('idempotency_key_reused'));
  });

  it('the key of a refund is forgotten after as many days as the setting says, and its refund is not', async () => {
    const { id } = await charges.charge(newCharge());
    const request = (key: string) => ({ ...part(id, 100), request: { key, hash: Buffer.from(key) } });
    const [old, young] = [await refunds.refund(request('old')), await refunds.refund(request('young'))];
    for (const [refund, days] of [
      [old, 31],
      [young, 29],
    ] as const) {
      await opened.database.query(
        `UPDATE refunds SET created_at = now() - $2 * interval '1 day' WHERE id = $1`,
        [refund.id, days],
      );
    }
    await forgottenRefundKeys(opened.database, { REFUND_KEY_DAYS: 30 }).deleteOld();
    assert.notEqual((await refunds.refund(request('old'))).id, old.id, 'it stands for another refund now');
    assert.equal((await refunds.refund(request('young'))).id, young.id);
    assert.equal((await payments.find(id))?.refunds.length, 3);
  });

  it('a refund stays pending while the provider is down, reserves its amount, and is executed later', async () => {
    const charge = newCharge();
    const { id } = await charges.charge(charge);
    provider.faults.push('refused');
    const { status } = await refunds.refund(part(id, 700));
    assert.equal(status, 'pending');
    await assert.rejects(refunds.refund(part(id, 301)), failsWith('refund_exceeds_payment'));
    await refunds.finish(id);
    assert.equal(provider.balanceOf(charge.orderId), 300);
    assert.deepEqual(await accountsOf(charge.orderId), { tables: 300, events: 300 });
  });

  const fault = fc.constantFrom(...FAULTS);
  const action = fc.constantFrom('charge', 'refund order', 'refund part', 'finish');
  const moment = fc.array(action, { minLength: 1, maxLength: 3 });
  const story = fc.record({
    method: fc.constantFrom('ok', 'ok', 'declined'),
    moments: fc.array(moment, { minLength: 1, maxLength: 6 }),
    faults: fc.array(fault, { maxLength: 12 }),
  });

  it('whatever fails and crashes at any point, the provider and our accounts agree in the end', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ method, moments, faults }) => {
        const charge = newCharge(method);
        const { orderId } = charge;
        const act = async (name: string): Promise<unknown> => {
          if (name === 'charge') return charges.charge(charge);
          if (name === 'refund order') return orderRefunds.refundOrder(orderId, charge);
          const payment = await payments.findByOrder(orderId);
          if (!payment) return undefined;
          return name === 'finish' ? refunds.finish(payment.id) : refunds.refund(part(payment.id, 300));
        };
        provider.faults.splice(0, Infinity, ...faults);
        for (const names of moments) await Promise.allSettled(names.map(act));
        // The faults are over: each operation is retried by its caller.
        provider.faults.splice(0);
        const isGivenUp = moments.flat().includes('refund order');
        await act(isGivenUp ? 'refund order' : 'charge').catch((error: unknown) => {
          assert.ok(hasCode(error, 'payment_declined') || hasCode(error, 'payment_voided'), String(error));
        });
        await act('finish');
        const balance = provider.balanceOf(orderId);
        if (isGivenUp) assert.equal(balance, 0);
        assert.deepEqual(await accountsOf(orderId), { tables: balance, events: balance });
      }),
      { numRuns: 150 },
    );
  });
});
