import { type Books, findDifferences, isChanging, keptOf, readBooks, type ShopClient } from '@fissile/client';
import { setTimeout as pause } from 'node:timers/promises';

/** Running work may take this long to come to rest. */
const REST_WITHIN_MS = 30_000;

export interface Reconciliation {
  readonly books: Books;
  readonly differences: readonly string[];
}

/** Checks the books, and polls for a while as long as some work is still running. */
export async function reconcile(admin: ShopClient): Promise<Reconciliation> {
  const giveUpAt = Date.now() + REST_WITHIN_MS;
  for (;;) {
    const books = await readBooks(admin);
    const differences = findDifferences(books);
    const underWay = books.sagas.length > 0 || books.orders.some(({ status }) => isChanging(status));
    if (!underWay || Date.now() > giveUpAt) return { books, differences };
    await pause(1_000);
  }
}

/** A summary of the books in a few lines. */
export function summarise({ orders, payments, stock }: Books): string {
  const count = (status: string) => orders.filter((order) => order.status === status).length;
  const sold = orders.filter(({ status }) => status === 'confirmed' || status === 'shipped');
  const units = sold.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0);
  const reserved = stock.reduce((sum, row) => sum + row.reserved, 0);
  const kept = payments
    .filter(({ status }) => status === 'captured')
    .reduce((sum, payment) => sum + keptOf(payment), 0);
  const number = new Intl.NumberFormat('en');
  return [
    `  orders     ${['confirmed', 'shipped', 'returned', 'cancelled'].map((status) => `${number.format(count(status))} ${status}`).join(', ')}`,
    `  money      ${number.format(kept)} minor units charged and kept`,
    `  stock      ${number.format(units)} units sold, ${number.format(reserved)} reserved`,
  ].join('\n');
}
