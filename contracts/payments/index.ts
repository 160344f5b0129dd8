import { contract, defineContext } from '@fissile/kit/contract';
import { PaymentsDefinition } from '../generated/payments/payments.js';
import { PaymentCaptured, PaymentRefunded, PaymentSettled } from './payments.events.js';
import { paymentErrors } from './payments.errors.js';

/** See payments.proto. */
export abstract class Payments extends contract(PaymentsDefinition, {
  // They wait for the provider.
  longRunning: ['charge', 'refundOrder'],
}) {}

export type { ChargeRequest, ChargeResponse } from '../generated/payments/payments.js';
export type { GetActionRequest, GetActionResponse } from '../generated/payments/payments.js';
export type { RefundOrderRequest, RefundOrderResponse } from '../generated/payments/payments.js';

export { PaymentCaptured, PaymentRefunded, PaymentSettled };

export const payments = defineContext({
  name: 'payments',
  contract: Payments,
  callers: ['orders'],
  publishes: [PaymentCaptured, PaymentRefunded, PaymentSettled],
  errors: paymentErrors,
  auditActions: ['payment.refunded', 'payment.refund-retried', 'payment.refund-settled'],
});
