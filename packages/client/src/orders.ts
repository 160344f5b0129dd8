import { newKey, pause } from '@fissile/api-client';
import type { components } from './generated/api.js';
import type { ShopApi } from './shop-client.js';

export type Order = components['schemas']['Order'];
export type NewOrder = components['schemas']['PlaceOrder'];

const POLL_EVERY_MS = 250;
const CHANGING: ReadonlySet<Order['status']> = new Set(['pending', 'cancelling', 'shipping', 'returning']);

/**
 * Places an order once, however often its answer is lost on the way.
 * @param key to be given where the same order may be sent again later, such as by another run
 */
export function placeOrder(client: ShopApi, order: NewOrder, key = newKey()): Promise<Order> {
  return client.post('/api/orders', { params: { header: { 'Idempotency-Key': key } }, body: order });
}

/** Whether an order is on its way to another status, without anyone asking for more. */
export function isChanging(status: Order['status']): boolean {
  return CHANGING.has(status);
}

/** Follows an order until nothing happens to it any more. */
export async function orderAtRest(client: ShopApi, order: Order, signal?: AbortSignal): Promise<Order> {
  let current = order;
  while (isChanging(current.status)) {
    await pause(POLL_EVERY_MS, signal);
    current = await client.get('/api/orders/{id}', { params: { path: { id: order.id } } });
  }
  return current;
}
