import { contract } from '../contract.js';
import { PaymentsDefinition } from '../generated/payments/payments.js';

/** See payments.proto. */
export abstract class Payments extends contract(PaymentsDefinition, {
  // They wait for the provider.
  takeLong: ['charge', 'refundOrder'],
}) {}

export type { ChargeRequest, ChargeResponse } from '../generated/payments/payments.js';
export type { RefundOrderRequest, RefundOrderResponse } from '../generated/payments/payments.js';
export { PaymentCaptured, PaymentRefunded } from './payments.events.js';
