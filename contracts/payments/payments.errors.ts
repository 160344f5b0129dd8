import { refused, temporary } from '@fissile/kit/contract';

export const paymentErrors = {
  payment_not_found: refused(
    404,
    'There is no such payment',
    'No payment or refund has this id, or it belongs to somebody else',
  ),
  payment_declined: refused(
    402,
    'The payment was declined',
    '`details.reason` is what the provider said; use another payment method',
  ),
  payment_method_unknown: refused(
    422,
    'The payment method is unknown',
    'Use a method of the payment provider, such as `pm_card_ok` of the sandbox',
  ),
  payment_outcome_unknown: temporary(
    503,
    'The outcome of the payment is not known yet',
    'The provider has not said yet whether it charged; the payment is settled as soon as it does, and never charged twice',
  ),
  payment_provider_unavailable: temporary(
    503,
    'The payment provider does not answer',
    'Nothing was charged; send the same request again after Retry-After seconds',
  ),
  payment_voided: refused(
    409,
    'The payment was voided before it was charged',
    'Its order was given up; place a new one',
  ),
  payment_not_refundable: refused(
    409,
    'The payment has not been captured',
    'Only payments that were charged can be refunded',
  ),
  refund_exceeds_payment: refused(
    409,
    'The refund is more than what is left of the payment',
    '`amountMinor` and the refunds before it are together more than the payment',
  ),
  refund_not_failed: refused(
    409,
    'The refund has not failed',
    'Only refunds that the provider refused for good are retried or settled',
  ),
  webhook_refused: refused(
    400,
    'The webhook is not accepted',
    'The signature does not fit STRIPE_WEBHOOK_SECRET, or the body is no event of the provider',
  ),
} as const;
