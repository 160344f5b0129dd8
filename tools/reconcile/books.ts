import type { Order, Resource, ShopClient } from '@fissile/client';

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
export async function readBooks(admin: ShopClient): Promise<Books> {
  return {
    orders: await Array.fromAsync(admin.list('/api/orders')),
    payments: await Array.fromAsync(admin.list('/api/payments')),
    stock: await Array.fromAsync(admin.list('/api/inventory')),
    sagas: [
      ...(await Array.fromAsync(admin.list('/api/admin/sagas', { status: 'running' }))),
      ...(await Array.fromAsync(admin.list('/api/admin/sagas', { status: 'compensating' }))),
    ],
    deadLetters: await Array.fromAsync(admin.list('/api/admin/dead-letters')),
  };
}
