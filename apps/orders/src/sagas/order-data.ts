import type { Order } from '../domain/order.js';

/** What a saga about a confirmed order knows of it. */
export interface OrderData {
  readonly orderId: string;
  readonly userId: string;
  readonly totalMinor: number;
  readonly currency: string;
}

export function dataOf({ id, userId, totalMinor, currency }: Order): OrderData {
  return { orderId: id, userId, totalMinor, currency };
}
