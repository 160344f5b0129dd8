import { contract, defineContext } from '@fissile/kit/contract';
import { OrdersDefinition } from '../generated/orders/orders.js';
import { PaymentSettled } from '../payments/payments.events.js';
import { OrderCancelled, OrderConfirmed, OrderReturned, OrderShipped } from './orders.events.js';
import { orderErrors } from './orders.errors.js';

/** See orders.proto. */
export abstract class Orders extends contract(OrdersDefinition) {}

export { OrderStatus, type GetOrderRequest, type GetOrderResponse } from '../generated/orders/orders.js';

export { OrderCancelled, OrderConfirmed, OrderReturned, OrderShipped };

export const orders = defineContext({
  name: 'orders',
  description: 'Orders: placed, cancelled, shipped and returned',
  contract: Orders,
  awaits: [PaymentSettled],
  publishes: [OrderConfirmed, OrderCancelled, OrderShipped, OrderReturned],
  errors: orderErrors,
  auditActions: ['order.cancelled', 'order.shipped', 'order.returned'],
  personal: [
    {
      data: 'what was ordered, when and for how much, by the id of the account',
      erasure: 'kept for the books: the id leads to nobody any more',
    },
    {
      data: 'how each order went through its steps, and idempotency keys that the client chose',
      erasure: 'deleted, once the orders under way have ended',
    },
  ],
});
