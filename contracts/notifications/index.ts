import { defineContext } from '@fissile/kit/contract';
import { OrderCancelled, OrderConfirmed, OrderReturned, OrderShipped } from '../orders/orders.events.js';
import { PaymentRefunded } from '../payments/payments.events.js';
import { UserRegistered } from '../users/index.js';

export const notifications = defineContext({
  name: 'notifications',
  subscribes: [UserRegistered, OrderConfirmed, OrderCancelled, OrderShipped, OrderReturned, PaymentRefunded],
});
