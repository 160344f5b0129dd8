import { Injectable } from '@nestjs/common';
import { type ChargeRequest, InvoiceCreated, type RefundRequest } from '#contracts/billing';
import { ContextError } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { InvoiceRepository } from './data/invoice-repository.js';
import { isAccepted } from './domain/invoice.js';

/** Charges and refunds, each once for an invoice. */
@Injectable()
export class BillingService {
  constructor(
    private readonly database: Database,
    private readonly billing: InvoiceRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws ContextError card_declined, invoice_closed */
  async charge({ invoiceId: id, userId, note, amountMinor, card }: ChargeRequest): Promise<void> {
    if (!isAccepted(card)) throw ContextError.of('card_declined');
    const invoice = { id, userId, note, amountMinor, status: 'paid', createdAt: new Date() } as const;
    const isNew = await this.database.transaction(async (transaction) => {
      const inserted = await this.billing.insert(transaction, invoice);
      if (inserted) this.outbox.add(transaction, InvoiceCreated, { invoiceId: id, userId });
      return inserted;
    });
    if (isNew) return;
    const earlier = await this.billing.find(id);
    if (earlier?.status !== 'paid') throw ContextError.of('invoice_closed');
  }

  /** A charge that comes after its refund finds an invoice that is void. */
  async refund({ invoiceId: id, userId }: RefundRequest): Promise<void> {
    const nothing = { id, userId, note: '', amountMinor: 0, status: 'void', createdAt: new Date() } as const;
    await this.database.transaction(async (transaction) => {
      if (!(await this.billing.insert(transaction, nothing))) await this.billing.refund(transaction, id);
    });
  }
}
