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
  description: 'Payments of orders, and refunds of them',
  contract: Payments,
  callers: ['orders'],
  publishes: [PaymentCaptured, PaymentRefunded, PaymentSettled],
  errors: paymentErrors,
  auditActions: ['payment.refunded', 'payment.refund-retried', 'payment.refund-settled'],
  personal: [
    {
      data: 'payments and refunds of orders, by the id of the account',
      erasure: 'kept for the books: the id leads to nobody any more',
    },
    { data: "the provider's name of the means of payment, and reasons of refunds", erasure: 'deleted' },
  ],
});
