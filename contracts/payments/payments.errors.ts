import { refused, temporary } from '@fissile/kit/contract';

export const paymentErrors = {
  payment_not_found: refused(404, 'There is no such payment'),
  payment_declined: refused(402, 'The payment was declined'),
  payment_method_unknown: refused(422, 'The payment method is unknown'),
  payment_outcome_unknown: temporary(503, 'The outcome of the payment is not known yet'),
  payment_provider_unavailable: temporary(503, 'The payment provider does not answer'),
  payment_voided: refused(409, 'The payment was voided before it was charged'),
  payment_not_refundable: refused(409, 'The payment has not been captured'),
  refund_exceeds_payment: refused(409, 'The refund is more than what is left of the payment'),
  refund_not_failed: refused(409, 'The refund has not failed'),
  webhook_refused: refused(400, 'The webhook is not accepted'),
} as const;
