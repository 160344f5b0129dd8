import { Injectable } from '@nestjs/common';
import { ContextError, type Implementation } from '@fissile/kit/contract';
import type {
  Billing,
  ChargeRequest,
  ChargeResponse,
  GetInvoiceRequest,
  GetInvoiceResponse,
  RefundRequest,
  RefundResponse,
} from '#contracts/billing';
import { Id } from '@fissile/kit/http';
import { BillingService } from '../billing.service.js';
import { InvoiceRepository } from '../data/invoice-repository.js';

/** The contract that other contexts call. */
@Injectable()
export class BillingHandler implements Implementation<typeof Billing> {
  constructor(
    private readonly billing: InvoiceRepository,
    private readonly service: BillingService,
  ) {}

  async getInvoice({ invoiceId }: GetInvoiceRequest): Promise<GetInvoiceResponse> {
    const found = Id.safeParse(invoiceId).success ? await this.billing.find(invoiceId) : undefined;
    if (!found) throw ContextError.of('not_found');
    return { invoiceId, userId: found.userId, note: found.note };
  }

  async charge(request: ChargeRequest): Promise<ChargeResponse> {
    await this.service.charge(request);
    return {};
  }

  async refund(request: RefundRequest): Promise<RefundResponse> {
    await this.service.refund(request);
    return {};
  }
}
