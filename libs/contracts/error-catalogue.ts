interface CatalogueEntry {
  /** The HTTP status of the public API. */
  readonly status: number;
  readonly title: string;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  readonly level: 'info' | 'warn' | 'error';
}

const refused = (status: number, title: string): CatalogueEntry => ({
  status,
  title,
  retryable: false,
  level: 'info',
});
const temporary = (status: number, title: string): CatalogueEntry => ({
  status,
  title,
  retryable: true,
  level: 'warn',
});

/** Every error that a client or another context can meet. `docs/errors.md` lists the same codes; a test compares. */
export const CATALOGUE = {
  // Requests
  validation_failed: refused(400, 'The request is not valid'),
  malformed_request: refused(400, 'The request cannot be read'),
  unauthenticated: refused(401, 'A valid access token is needed'),
  invalid_credentials: refused(401, 'The email or the password is wrong'),
  invalid_refresh_token: refused(401, 'The refresh token is not valid'),
  forbidden: refused(403, 'This needs a role that you do not have'),
  internal_port: refused(403, 'This port is for the other parts of the shop alone'),
  account_disabled: refused(403, 'The account is disabled'),
  not_found: refused(404, 'There is nothing here'),
  method_not_allowed: refused(405, 'The method does not fit this path'),
  version_mismatch: refused(412, 'The resource has changed since it was read'),
  payload_too_large: refused(413, 'The body is too large'),
  uri_too_long: refused(414, 'The address is too long'),
  unsupported_media_type: refused(415, 'The body must be application/json'),
  headers_too_large: refused(431, 'The headers are too large'),
  too_many_requests: { status: 429, title: 'too many requests', retryable: true, level: 'info' },
  request_timeout: refused(408, 'The request took too long to arrive'),
  idempotency_key_reused: refused(422, 'The idempotency key was used with another body'),
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    retryable: false,
    level: 'error',
  },

  // Users
  user_not_found: refused(404, 'There is no such user'),
  registration_closed: refused(403, 'No new accounts are taken now'),
  email_taken: refused(409, 'The email belongs to an account already'),
  last_admin: refused(409, 'The last active admin must stay one'),

  // Products
  product_not_found: refused(404, 'There is no such product'),
  sku_taken: refused(409, 'The sku belongs to a product already'),
  product_unavailable: refused(422, 'A product is unknown or discontinued'),

  // Inventory
  stock_insufficient: refused(409, 'There is not enough stock'),
  stock_below_reserved: refused(409, 'The stock would fall below what is reserved'),
  stock_limit_exceeded: refused(409, 'The stock would exceed 1,000,000,000'),
  reservation_released: refused(409, 'The reservation was released before'),

  // Payments
  payment_not_found: refused(404, 'There is no such payment'),
  payment_declined: refused(402, 'The payment was declined'),
  payment_method_unknown: refused(422, 'The payment method is unknown'),
  payment_outcome_unknown: temporary(503, 'The outcome of the payment is not known yet'),
  payment_provider_unavailable: temporary(503, 'The payment provider does not answer'),
  payment_voided: refused(409, 'The payment was voided before it was charged'),
  payment_not_refundable: refused(409, 'The payment has not been captured'),
  refund_exceeds_payment: refused(409, 'The refund is more than what is left of the payment'),

  // Orders
  orders_paused: { status: 503, title: 'No orders are taken now', retryable: true, level: 'info' },
  order_not_found: refused(404, 'There is no such order'),
  order_total_too_large: refused(422, 'The total of the order is too large'),
  currency_mismatch: refused(422, 'All products of an order must have its currency'),
  order_not_cancellable: refused(409, 'The order cannot be cancelled'),
  cancelled_by_customer: refused(409, 'The order was cancelled on request'),

  // Operations
  saga_not_found: refused(404, 'There is no such saga'),
  saga_ended: refused(409, 'The saga has ended'),
  saga_aborted: refused(409, 'An operator ended it'),
  dead_letter_not_found: refused(404, 'There is no such dead letter'),
  dead_letter_failed_again: refused(409, 'The event could not be handled again'),

  // Transport: the call did not reach its end, whatever the other side did
  unavailable: temporary(503, 'A part of the shop does not answer'),
  bad_gateway: temporary(502, 'A part of the shop broke off its answer'),
  deadline_exceeded: temporary(504, 'The answer took too long'),
  cancelled: refused(499, 'The caller went away'),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
