import { setTimeout as pause } from 'node:timers/promises';
import type { Order } from './resources.js';
import type { ShopClient } from './shop-client.js';

const LOOK_EVERY_MS = 250;

/** Follows an order until nothing happens to it any more. */
export async function waitForOrder(client: ShopClient, order: Order): Promise<Order> {
  let current = order;
  while (current.status === 'pending' || current.status === 'cancelling') {
    await pause(LOOK_EVERY_MS);
    current = await client.get<Order>(`/api/orders/${order.id}`);
  }
  return current;
}
