import { refused, temporary } from '@fissile/kit/contract';

export const orderErrors = {
  orders_paused: {
    ...temporary(
      503,
      'No orders are taken now',
      'An operator paused new orders; send the same request again after Retry-After seconds',
    ),
    level: 'info',
  },
  order_not_found: refused(
    404,
    'There is no such order',
    'No order has this id, or it belongs to somebody else',
  ),
  order_total_too_large: refused(
    422,
    'The total of the order is too large',
    'Order fewer units; split a large order into several',
  ),
  currency_mismatch: refused(
    422,
    'All products of an order must have its currency',
    'Place an order for each currency',
  ),
  order_not_cancellable: refused(
    409,
    'The order cannot be cancelled',
    'Only orders that are pending or confirmed are cancelled',
  ),
  order_not_shippable: refused(
    409,
    'Only a confirmed order can be shipped',
    'Orders that are pending, cancelled or already shipped stay as they are',
  ),
  order_not_returnable: refused(
    409,
    'Only a shipped order can be returned',
    'Orders that have not left the shop are cancelled instead',
  ),
  payment_action_expired: refused(
    409,
    'The payment was not confirmed in time',
    'The bank asked the customer to confirm, and no answer came within PAYMENT_ACTION_SECONDS; nothing was charged',
  ),
  cancelled_by_customer: refused(
    409,
    'The order was cancelled on request',
    'It was cancelled while it was being placed; what was reserved is free again, and what was paid is refunded',
  ),
} as const;
