import { refused, temporary } from '@fissile/kit/contract';

export const orderErrors = {
  orders_paused: { ...temporary(503, 'No orders are taken now'), level: 'info' },
  order_not_found: refused(404, 'There is no such order'),
  order_total_too_large: refused(422, 'The total of the order is too large'),
  currency_mismatch: refused(422, 'All products of an order must have its currency'),
  order_not_cancellable: refused(409, 'The order cannot be cancelled'),
  order_not_shippable: refused(409, 'Only a confirmed order can be shipped'),
  order_not_returnable: refused(409, 'Only a shipped order can be returned'),
  payment_action_expired: refused(409, 'The payment was not confirmed in time'),
  cancelled_by_customer: refused(409, 'The order was cancelled on request'),
} as const;
