import type { DeadLetter, Order, Payment, Saga, Stock } from '../client/resources.js';
import type { ShopClient } from '../client/shop-client.js';

/** All that the shop says of its orders, money and goods at one time. */
export interface Books {
  readonly orders: readonly Order[];
  readonly payments: readonly Payment[];
  readonly stock: readonly Stock[];
  /** Those that have not ended. */
  readonly sagas: readonly Saga[];
  readonly deadLetters: readonly DeadLetter[];
}

/** Reads the books as the admin, through the public API. */
export async function readBooks(admin: ShopClient): Promise<Books> {
  return {
    orders: await Array.fromAsync(admin.list<Order>('/api/orders')),
    payments: await Array.fromAsync(admin.list<Payment>('/api/payments')),
    stock: await Array.fromAsync(admin.list<Stock>('/api/inventory')),
    sagas: [
      ...(await Array.fromAsync(admin.list<Saga>('/api/admin/sagas?status=running'))),
      ...(await Array.fromAsync(admin.list<Saga>('/api/admin/sagas?status=compensating'))),
    ],
    deadLetters: await Array.fromAsync(admin.list<DeadLetter>('/api/admin/dead-letters')),
  };
}
