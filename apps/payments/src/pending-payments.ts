import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { ChargeService, toOrder } from './charge.service.js';
import { PaymentRepository } from './data/payment-repository.js';
import type { Payment } from './domain/payment.js';
import { type ChargeResult, PaymentProvider } from './domain/payment-provider.js';
import { PaymentsSettings } from './payments.settings.js';
import { toContextError } from './provider-faults.js';

/**
 * Ends payments that wait for the customer: the provider is asked how the charge stands when it has told that something
 * changed, and from time to time, since what it tells may be lost. What it told is never taken for the outcome, so nothing
 * depends on the order or the number of its notices.
 */
@Injectable()
export class PendingPayments implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PendingPayments.name);
  private readonly loop: BackgroundLoop;
  /** The questions under way, by payment: many notices about one ask once. */
  private readonly asked = new Map<string, Promise<Payment>>();

  constructor(
    private readonly payments: PaymentRepository,
    private readonly charges: ChargeService,
    private readonly provider: PaymentProvider,
    settings: PaymentsSettings,
  ) {
    const everyMs = settings.PAYMENT_POLL_SECONDS * 1_000;
    this.loop = new BackgroundLoop('pending payments', everyMs, () => this.poll());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /**
   * Asks the provider, and records the outcome if there is one.
   * @returns the payment as it is then
   * @throws ContextError payment_provider_unavailable, payment_outcome_unknown
   */
  settle(payment: Payment): Promise<Payment> {
    const underWay = this.asked.get(payment.id);
    if (underWay) return underWay;
    const asking = this.ask(payment).finally(() => this.asked.delete(payment.id));
    this.asked.set(payment.id, asking);
    return asking;
  }

  private async ask(payment: Payment): Promise<Payment> {
    if (payment.status !== 'pending') return payment;
    let result: ChargeResult;
    try {
      result = await this.outcomeOf(payment);
    } catch (error) {
      throw toContextError(error);
    }
    return result.outcome === 'pending' ? payment : this.charges.conclude(payment, result);
  }

  private async outcomeOf(payment: Payment): Promise<ChargeResult> {
    const order = toOrder(payment);
    const found = await this.provider.findCharge(order);
    if (found && found.outcome !== 'declined') return found;
    // The client could try again with what it knows of the charge, after the order is cancelled.
    const last = await this.provider.abandon(order);
    return last ?? found ?? { outcome: 'declined', reason: 'abandoned' };
  }

  private async poll(): Promise<boolean> {
    for (const id of await this.payments.somePending()) {
      const payment = await this.payments.find(id);
      if (!payment) continue;
      await this.settle(payment).catch((error: unknown) => {
        this.logger.warn(`payment ${id} is pending: ${error instanceof Error ? error.message : error}`);
      });
    }
    return false;
  }
}
