import type { Order } from './orders.js';
import type { Resource } from './resource.js';
import type { ShopApi } from './shop-client.js';

/** Everything that the shop reports about its orders, payments and stock at one time. */
export interface Books {
  readonly orders: readonly Order[];
  readonly payments: readonly Resource<'Payment'>[];
  readonly stock: readonly Resource<'Stock'>[];
  /** Those that have not ended. */
  readonly sagas: readonly Resource<'Saga'>[];
  readonly deadLetters: readonly Resource<'DeadLetter'>[];
}

/** Reads the books as the admin, through the public API. */
export async function readBooks(admin: ShopApi): Promise<Books> {
  return {
    orders: await allOf(admin.list('/api/orders')),
    payments: await allOf(admin.list('/api/payments')),
    stock: await allOf(admin.list('/api/inventory')),
    sagas: [
      ...(await allOf(admin.list('/api/admin/sagas', { status: 'running' }))),
      ...(await allOf(admin.list('/api/admin/sagas', { status: 'compensating' }))),
    ],
    deadLetters: await allOf(admin.list('/api/admin/dead-letters')),
  };
}

/** Browsers of these days need not know `Array.fromAsync`. */
async function allOf<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}
