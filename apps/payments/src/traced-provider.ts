import { inSpan } from '@fissile/kit/observability';
import {
  type ChargeOrder,
  type ChargeResult,
  PaymentProvider,
  type RefundOrder,
  type RefundResult,
} from './domain/payment-provider.js';

/** Records each request to the provider in the trace of its order. */
export class TracedProvider extends PaymentProvider {
  constructor(
    private readonly provider: PaymentProvider,
    /** The name of the provider, as in PAYMENT_PROVIDER. */
    private readonly name: string,
  ) {
    super();
  }

  charge(order: ChargeOrder): Promise<ChargeResult> {
    return this.traced('charge', () => this.provider.charge(order));
  }

  findCharge(order: ChargeOrder): Promise<ChargeResult | undefined> {
    return this.traced('find charge', () => this.provider.findCharge(order));
  }

  abandon(order: ChargeOrder): Promise<ChargeResult | undefined> {
    return this.traced('abandon charge', () => this.provider.abandon(order));
  }

  refund(order: RefundOrder): Promise<void> {
    return this.traced('refund', () => this.provider.refund(order));
  }

  findRefund(order: Pick<RefundOrder, 'key' | 'reference'>): Promise<RefundResult | undefined> {
    return this.traced('find refund', () => this.provider.findRefund(order));
  }

  private traced<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    const attributes = { 'fissile.payment.provider': this.name, 'fissile.payment.operation': operation };
    return inSpan({ name: `${operation} ${this.name}`, kind: 'client', attributes }, ask);
  }
}
