import { type Books, findDifferences, type Order, type Resource } from '@fissile/client';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

type Payment = Resource<'Payment'>;

const at = '2026-01-31T12:00:00.000Z';
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

const order: Order = {
  id: 'order-1',
  userId: 'user-1',
  status: 'confirmed',
  items: [
    { productId: 'tea', sku: 'T', name: 'Tea', quantity: 2, unitPrice: usd(500), lineTotal: usd(1_000) },
  ],
  total: usd(1_000),
  paymentId: 'payment-1',
  payment: null,
  reason: null,
  createdAt: at,
  updatedAt: at,
};
const payment: Payment = {
  id: 'payment-1',
  orderId: 'order-1',
  amount: usd(1_000),
  status: 'captured',
  declineReason: null,
  reference: null,
  action: null,
  refunds: [],
  createdAt: at,
};
const refund = (amountMinor: number): Payment['refunds'][number] => ({
  id: 'refund-1',
  amount: usd(amountMinor),
  status: 'done',
  failureReason: null,
  reason: null,
  createdAt: at,
});
const failedRefund = { ...refund(1_000), status: 'failed', failureReason: 'lost_or_stolen_card' } as const;
const saga: Resource<'Saga'> = {
  id: 's',
  context: 'orders',
  name: 'place-order',
  status: 'running',
  subject: '',
  createdAt: at,
  updatedAt: at,
  error: null,
  traceId: null,
};
const letter: Resource<'DeadLetter'> = {
  id: 'd',
  context: 'orders',
  eventId: 'e',
  type: 't',
  reason: 'r',
  createdAt: at,
  event: {},
};
const stock = { productId: 'tea', onHand: 10, reserved: 2, available: 8 };
const good: Books = { orders: [order], payments: [payment], stock: [stock], sagas: [], deadLetters: [] };
const cancelled: Order = {
  ...order,
  status: 'cancelled',
  reason: { code: 'cancelled_by_customer', message: '' },
};
const shipped: Order = { ...order, status: 'shipped' };
const returned: Order = { ...order, status: 'returned' };
const untouched = { ...stock, reserved: 0, available: 10 };

describe('Reconciliation', () => {
  it('finds nothing in good books', () => {
    assert.deepEqual(findDifferences(good), []);
    const refunded: Payment = { ...payment, status: 'refunded', refunds: [refund(1_000)] };
    assert.deepEqual(
      findDifferences({ ...good, orders: [cancelled], payments: [refunded], stock: [untouched] }),
      [],
    );
    assert.deepEqual(findDifferences({ ...good, orders: [shipped], stock: [untouched] }), []);
    assert.deepEqual(
      findDifferences({ ...good, orders: [returned], payments: [refunded], stock: [untouched] }),
      [],
    );
    const declined: Payment = { ...payment, status: 'declined' };
    assert.deepEqual(
      findDifferences({ ...good, orders: [cancelled], payments: [declined], stock: [untouched] }),
      [],
    );
    assert.deepEqual(findDifferences({ ...good, payments: [{ ...payment, refunds: [refund(1)] }] }), []);
  });

  const planted: [string, Partial<Books>, RegExp][] = [
    [
      'an order that is stuck',
      { orders: [{ ...order, status: 'pending' }] },
      /order-1 is stuck: it is pending/,
    ],
    [
      'a total that its lines do not give',
      { orders: [{ ...order, total: usd(999) }] },
      /total is 999, its lines are 1000/,
    ],
    ['an order charged twice', { payments: [payment, { ...payment, id: 'payment-2' }] }, /charged 2 times/],
    ['an order that is not charged', { payments: [] }, /order-1 is confirmed and not charged/],
    [
      'a charge of another amount',
      { payments: [{ ...payment, amount: usd(1_001) }] },
      /1001 USD is charged, order order-1 is 1000/,
    ],
    [
      'a cancelled order whose money is kept',
      { orders: [cancelled], stock: [untouched] },
      /cancelled, and 1000 of its payment is kept/,
    ],
    [
      'a returned order whose money is kept',
      { orders: [returned], stock: [untouched] },
      /returned, and 1000 of its payment is kept/,
    ],
    [
      'a shipped order that is not charged',
      { orders: [shipped], payments: [], stock: [untouched] },
      /order-1 is shipped and not charged/,
    ],
    ['a shipped order that is still reserved', { orders: [shipped] }, /tea: 2 are reserved, expected 0/],
    [
      'an order that is stuck on its way out',
      { orders: [{ ...order, status: 'shipping' }] },
      /order-1 is stuck: it is shipping/,
    ],
    [
      'a refund that was refused',
      { payments: [{ ...payment, status: 'refund_failed', refunds: [failedRefund] }] },
      /payment-1: a refund of it was refused/,
    ],
    [
      'a cancelled order whose refund was refused',
      { orders: [cancelled], payments: [{ ...payment, status: 'refund_failed', refunds: [failedRefund] }] },
      /order-1 is cancelled, and 1000 of its payment is kept/,
    ],
    ['more refunds than money', { payments: [{ ...payment, refunds: [refund(1_001)] }] }, /more is refunded/],
    [
      'a payment without an order',
      { payments: [payment, { ...payment, orderId: 'order-2' }] },
      /order-2, which does not exist/,
    ],
    [
      'a payment of unknown outcome',
      { payments: [{ ...payment, status: 'unknown' }] },
      /stuck: it is unknown/,
    ],
    [
      'a unit too many reserved',
      { stock: [{ ...stock, reserved: 3, available: 7 }] },
      /tea: 3 are reserved, expected 2/,
    ],
    [
      'stock that does not add up',
      { stock: [{ ...stock, available: 9 }] },
      /9 of 10 are available with 2 reserved/,
    ],
    ['a product without stock', { stock: [] }, /tea: has no stock, expected 2 reserved/],
    ['a saga that has not ended', { sagas: [saga] }, /still running/],
    ['a dead letter', { deadLetters: [letter] }, /dead letter d/],
  ];
  for (const [title, change, expected] of planted) {
    it(`finds ${title}`, () => {
      const differences = findDifferences({ ...good, ...change });
      assert.ok(
        differences.some((difference) => expected.test(difference)),
        differences.join('\n'),
      );
    });
  }
});
