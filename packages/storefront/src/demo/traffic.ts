import { hasCode, newKey, orderAtRest, placeOrder, ShopClient } from '@fissile/client';
import { messageOf } from '@fissile/console';

/** What the customers of the panel do. */
export interface Plan {
  readonly ordersPerSecond: number;
  /** From 0 to 1. */
  readonly declinedShare: number;
}

/** What has become of their orders so far. */
export interface Tally {
  readonly placed: number;
  readonly confirmed: number;
  readonly cancelled: number;
  /** Not accepted, or without an answer. */
  readonly failed: number;
  readonly lastFailure: string | undefined;
}

export const NO_ORDERS: Tally = { placed: 0, confirmed: 0, cancelled: 0, failed: 0, lastFailure: undefined };

/** A failure should be seen when it happens: the panel is for that. */
const IMPATIENT = { tries: 1, triesAfterLoss: 1, longestPauseMs: 1_000 };

/**
 * Customers wait for their orders before they order again: while the shop is slow or a part of it is down, their requests must not
 * keep the browser's few connections from what else this page asks for.
 */
const MOST_UNDER_WAY = 12;

/** Orders products as a customer of its own, as long as it is not stopped. */
export class Traffic {
  private readonly customer = new ShopClient({ url: '', retryPolicy: IMPATIENT });
  private timer: ReturnType<typeof setInterval> | undefined;
  private tally = NO_ORDERS;

  constructor(
    private readonly productIds: readonly string[],
    private readonly changed: (tally: Tally) => void,
  ) {}

  async register(): Promise<void> {
    const credentials = { email: `demo-${newKey()}@example.com`, password: newKey() };
    await this.customer.post('/api/users', { body: { ...credentials, name: 'Demo' } });
    await this.customer.session.signIn(credentials);
  }

  follow({ ordersPerSecond, declinedShare }: Plan): void {
    this.stop();
    if (ordersPerSecond <= 0) return;
    this.timer = setInterval(() => void this.order(declinedShare), 1_000 / ordersPerSecond);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async order(declinedShare: number): Promise<void> {
    if (this.underWay >= MOST_UNDER_WAY) return;
    const productId = this.productIds[Math.floor(Math.random() * this.productIds.length)] ?? '';
    const method = Math.random() < declinedShare ? 'pm_card_declined' : 'pm_card_ok';
    this.count({ placed: this.tally.placed + 1 });
    try {
      const order = await placeOrder(this.customer, {
        items: [{ productId, quantity: 1 }],
        payment: { method },
      });
      const { status } = await orderAtRest(this.customer, order);
      if (status === 'confirmed') this.count({ confirmed: this.tally.confirmed + 1 });
      else this.count({ cancelled: this.tally.cancelled + 1 });
    } catch (error) {
      if (hasCode(error, 'payment_declined')) return this.count({ cancelled: this.tally.cancelled + 1 });
      this.count({ failed: this.tally.failed + 1, lastFailure: messageOf(error) });
    }
  }

  private get underWay(): number {
    const { placed, confirmed, cancelled, failed } = this.tally;
    return placed - confirmed - cancelled - failed;
  }

  private count(change: Partial<Tally>): void {
    this.tally = { ...this.tally, ...change };
    this.changed(this.tally);
  }
}
