import type { Books } from './books.js';
import { isChanging, type Order } from './orders.js';
import type { Resource } from './resource.js';

type Payment = Resource<'Payment'>;

const CHARGED: ReadonlySet<Order['status']> = new Set(['confirmed', 'shipped', 'returned']);
const REFUNDED: ReadonlySet<Order['status']> = new Set(['cancelled', 'returned']);

/**
 * Compares the books and reports every difference: an order at rest is charged exactly once or not at all, all money
 * and stock is accounted for, and nothing is stuck.
 */
export function findDifferences(books: Books): string[] {
  return [
    ...books.orders.flatMap(orderDifferences),
    ...paymentDifferences(books),
    ...stockDifferences(books),
    ...books.sagas.map(
      ({ id, name, context, status }) => `saga ${id} (${name} of ${context}) is still ${status}`,
    ),
    ...books.deadLetters.map(({ id, type, reason }) => `dead letter ${id} (${type}): ${reason}`),
  ];
}

function orderDifferences({ id, status, items, total }: Order): string[] {
  const differences: string[] = [];
  if (isChanging(status)) differences.push(`order ${id} is stuck: it is ${status}`);
  for (const { productId, quantity, unitPrice, lineTotal } of items) {
    const expected = quantity * unitPrice.amountMinor;
    if (lineTotal.amountMinor !== expected) {
      differences.push(
        `order ${id}: the line of product ${productId} is ${lineTotal.amountMinor}, expected ${expected}`,
      );
    }
  }
  const sum = items.reduce((amount, { quantity, unitPrice }) => amount + quantity * unitPrice.amountMinor, 0);
  if (total.amountMinor !== sum)
    differences.push(`order ${id}: the total is ${total.amountMinor}, its lines are ${sum}`);
  return differences;
}

function paymentDifferences({ orders, payments }: Books): string[] {
  const byOrder = Map.groupBy(payments, ({ orderId }) => orderId);
  const known = new Set(orders.map(({ id }) => id));
  return [
    ...orders.flatMap((order) => chargeDifferences(order, byOrder.get(order.id) ?? [])),
    ...payments
      .filter(({ orderId }) => !known.has(orderId))
      .map(({ id, orderId }) => `payment ${id} is for order ${orderId}, which does not exist`),
  ];
}

/** A confirmed or shipped order keeps its payment, except for an admin's refunds; a cancelled or returned one keeps none. */
function chargeDifferences(order: Order, payments: readonly Payment[]): string[] {
  const differences: string[] = [];
  const charged = payments.filter(({ status }) => status !== 'declined');
  if (charged.length > 1) differences.push(`order ${order.id} is charged ${charged.length} times`);
  for (const payment of charged) differences.push(...amountDifferences(order, payment));
  if (CHARGED.has(order.status) && charged.length === 0)
    differences.push(`order ${order.id} is ${order.status} and not charged`);
  const kept = charged.reduce((sum, payment) => sum + keptOf(payment), 0);
  if (REFUNDED.has(order.status) && kept !== 0) {
    differences.push(`order ${order.id} is ${order.status}, and ${kept} of its payment is kept`);
  }
  return differences;
}

function amountDifferences({ id, total }: Order, payment: Payment): string[] {
  const differences: string[] = [];
  const { amount, status } = payment;
  if (amount.amountMinor !== total.amountMinor || amount.currency !== total.currency) {
    const charged = `${amount.amountMinor} ${amount.currency}`;
    differences.push(
      `payment ${payment.id}: ${charged} is charged, order ${id} is ${total.amountMinor} ${total.currency}`,
    );
  }
  const kept = keptOf(payment);
  if (kept < 0) differences.push(`payment ${payment.id}: more is refunded than was charged`);
  if (status === 'refunded' && kept !== 0)
    differences.push(`payment ${payment.id} is refunded, and ${kept} of it is kept`);
  if (status === 'refund_failed') differences.push(`payment ${payment.id}: a refund of it was refused`);
  if (status === 'pending' || status === 'unknown')
    differences.push(`payment ${payment.id} is stuck: it is ${status}`);
  return differences;
}

export function keptOf({ amount, refunds }: Payment): number {
  const given = refunds.filter(({ status }) => status !== 'failed');
  return given.reduce((kept, refund) => kept - refund.amount.amountMinor, amount.amountMinor);
}

/** What is reserved is what is yet to be shipped: the units of confirmed orders. */
function stockDifferences({ orders, stock }: Books): string[] {
  const promised = new Map<string, number>();
  for (const { items } of orders.filter(({ status }) => status === 'confirmed')) {
    for (const { productId, quantity } of items)
      promised.set(productId, (promised.get(productId) ?? 0) + quantity);
  }
  const differences: string[] = [];
  for (const { productId, onHand, reserved, available } of stock) {
    const expected = promised.get(productId) ?? 0;
    promised.delete(productId);
    if (reserved !== expected)
      differences.push(`product ${productId}: ${reserved} are reserved, expected ${expected}`);
    if (available !== onHand - reserved || available < 0) {
      differences.push(
        `product ${productId}: ${available} of ${onHand} are available with ${reserved} reserved`,
      );
    }
  }
  for (const [productId, expected] of promised) {
    differences.push(`product ${productId}: has no stock, expected ${expected} reserved`);
  }
  return differences;
}
