import { contract, defineContext, refused } from '@fissile/kit/contract';
import { BillingDefinition } from '../generated/billing/billing.js';
import { InvoiceCreated } from './billing.events.js';

/** See billing.proto. */
export abstract class Billing extends contract(BillingDefinition) {}

export type {
  ChargeRequest,
  ChargeResponse,
  GetInvoiceRequest,
  GetInvoiceResponse,
  RefundRequest,
  RefundResponse,
} from '../generated/billing/billing.js';
export { InvoiceCreated };

export const billing = defineContext({
  name: 'billing',
  contract: Billing,
  publishes: [InvoiceCreated],
  personal: [
    {
      data: 'invoices, by the id of the account',
      erasure: 'kept for the books: the id leads to nobody any more',
    },
    { data: 'what an invoice is for', erasure: 'deleted' },
  ],
  errors: {
    card_declined: refused(402, 'The card was declined'),
    invoice_closed: refused(409, 'The invoice was refunded, or never charged'),
  },
});
