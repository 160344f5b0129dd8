import { refused, temporary } from '@fissile/kit/contract';

export const orderErrors = {
  orders_paused: { ...temporary(503, 'No orders are taken now'), level: 'info' },
  order_not_found: refused(404, 'There is no such order'),
  order_total_too_large: refused(422, 'The total of the order is too large'),
  currency_mismatch: refused(422, 'All products of an order must have its currency'),
  order_not_cancellable: refused(409, 'The order cannot be cancelled'),
  cancelled_by_customer: refused(409, 'The order was cancelled on request'),
} as const;
