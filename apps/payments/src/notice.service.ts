import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@fissile/kit/database';
import { Id } from '@fissile/kit/http';
import { PaymentRepository } from './data/payment-repository.js';
import { ProviderEventRepository } from './data/provider-event-repository.js';
import { RefundRepository } from './data/refund-repository.js';
import { PaymentProvider } from './domain/payment-provider.js';
import type { ProviderNotice } from './domain/provider-notices.js';
import { PendingPayments } from './pending-payments.js';
import { toContextError } from './provider-faults.js';
import { RefundService } from './refund.service.js';

/** Handles what the provider tells: each notice once, in any order. */
@Injectable()
export class NoticeService {
  private readonly logger = new Logger(NoticeService.name);

  constructor(
    private readonly database: Database,
    private readonly events: ProviderEventRepository,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly pending: PendingPayments,
    private readonly refunding: RefundService,
    private readonly provider: PaymentProvider,
  ) {}

  /** @throws ContextError payment_provider_unavailable, payment_outcome_unknown: the provider has to repeat it */
  async handle(notice: ProviderNotice): Promise<void> {
    if (await this.events.isHandled(notice.id)) return;
    const isKnown = await (notice.about === 'charge' ? this.charge(notice) : this.refund(notice));
    if (isKnown) return;
    const { id, type, about, key } = notice;
    this.logger.warn(`event ${id} (${type}) is ignored: it is about no ${about} of the shop (${keyOf(key)})`);
  }

  /** Returns false when there is no such payment. */
  private async charge({ id, key }: ProviderNotice): Promise<boolean> {
    const payment = isId(key) ? await this.payments.findByOrder(key) : undefined;
    if (!payment) return false;
    await this.pending.settle(payment);
    await this.database.transaction(async (transaction) => {
      await this.events.markHandled(transaction, id);
    });
    return true;
  }

  /** Returns false when there is no such refund. */
  private async refund({ id, key }: ProviderNotice): Promise<boolean> {
    const refund = isId(key) ? await this.refunds.find(key) : undefined;
    const payment = refund && (await this.payments.find(refund.paymentId));
    if (!refund || !payment?.reference) return false;
    const { reference } = payment;
    const result = await this.provider.findRefund({ key: refund.id, reference }).catch((error: unknown) => {
      throw toContextError(error);
    });
    await this.database.transaction(async (transaction) => {
      const isNew = await this.events.markHandled(transaction, id);
      if (!isNew || result?.outcome !== 'refused') return;
      const { reason } = result;
      await this.refunding.fail(transaction, {
        refundId: refund.id,
        paymentId: payment.id,
        from: 'done',
        reason,
      });
    });
    return true;
  }
}

function isId(key: string | null): key is string {
  return Id.safeParse(key).success;
}

/** Whatever a stranger's metadata may hold does not go into the log. */
function keyOf(key: string | null): string {
  return isId(key) ? key : 'no key';
}
