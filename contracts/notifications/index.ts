import { defineContext } from '@fissile/kit/contract';
import { OrderCancelled, OrderConfirmed, OrderReturned, OrderShipped } from '../orders/orders.events.js';
import { PaymentRefunded } from '../payments/payments.events.js';
import { UserRegistered, UserRegisteredV1 } from '../users/index.js';
import { notificationErrors } from './notifications.errors.js';

export const notifications = defineContext({
  name: 'notifications',
  description: 'What people were told of their orders and accounts',
  subscribes: [
    UserRegistered,
    UserRegisteredV1,
    OrderConfirmed,
    OrderCancelled,
    OrderShipped,
    OrderReturned,
    PaymentRefunded,
  ],
  errors: notificationErrors,
  personal: [{ data: 'mails to the person, with address and text', erasure: 'deleted' }],
});
