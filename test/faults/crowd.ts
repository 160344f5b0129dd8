import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, Api, type Customer, type Json } from '../harness/api.js';
import type { Shop } from '../harness/shop.js';
import { until } from '@fissile/kit/testing';
import type { Random } from '@fissile/kit/testing';

/** One request of a customer, and all responses of the shop to it. */
export interface Wish {
  readonly customer: Customer;
  readonly key: string;
  readonly productId: string;
  readonly quantity: number;
  readonly method: string;
  /** The order ids in its responses; there must not be two. */
  readonly orderIds: Set<string>;
}

const CLIENTS = 4;
const CUSTOMERS = 3;
/** Between two requests of a client, in milliseconds; longer beside other tests, where processors are left to what recovers. */
const THINKS_MS = Number(process.env['FAULTS_THINKS_MS'] ?? 80);
const BACKS_OFF_MS = 120;
/** Charged, declined, charged without a response, and failed before it succeeds. */
const METHODS: readonly string[] = [
  ...Array.from({ length: 7 }, () => 'pm_card_ok'),
  'pm_card_declined',
  'pm_card_timeout',
  'pm_card_error_then_ok',
];

/**
 * Customers who place, cancel and retry orders, and an admin who ships some and takes some back, several concurrently,
 * whatever happens to the shop.
 */
export class Crowd {
  readonly wishes: Wish[] = [];
  readonly customers: Customer[] = [];
  answered = 0;
  private products: string[] = [];
  private going = true;
  private clients: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly api: Api,
    private readonly admin: string,
    private readonly random: Random,
    private readonly methods: readonly string[],
  ) {}

  static async create(shop: Shop, random: Random, methods = METHODS): Promise<Crowd> {
    const api = new Api(shop);
    const admin = await api.admin();
    const crowd = new Crowd(api, admin, random, methods);
    for (let count = 0; count < CUSTOMERS; count += 1) crowd.customers.push(await api.customer());
    // One product is nearly sold out, so that some orders are rejected.
    for (const stock of [100_000, 100_000, 6]) {
      crowd.products.push(await api.product(admin, { stock, priceMinor: random.between(1, 5_000) }));
    }
    return crowd;
  }

  begin(): void {
    this.going = true;
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.shop()));
  }

  /** Waits until the given number of further requests has ended, with or without success. */
  async goesOn(more: number): Promise<void> {
    const from = this.answered;
    await until(`${more} more requests are answered`, () => this.answered >= from + more, 90_000);
  }

  /** Waits for requests in flight. */
  async stop(): Promise<void> {
    this.going = false;
    await this.clients;
  }

  /** Sends a request, for the first time or as a retry. Returns undefined when no response came. */
  async send(wish: Wish): Promise<Answer<Json> | undefined> {
    const { customer, key, productId, quantity, method } = wish;
    try {
      const answer = await this.api.placeOrder(customer.token, [{ productId, quantity }], { key, method });
      if (answer.status === 201 || answer.status === 202) wish.orderIds.add(answer.body.id as string);
      return answer;
    } catch {
      return undefined;
    }
  }

  /** Places one more order. */
  place(): Promise<Answer<Json> | undefined> {
    return this.send(this.newWish());
  }

  /**
   * A newcomer makes an account, signs in and orders, and is a customer from then on. Returns the first response that is none of
   * success, or that to the order.
   */
  async join(): Promise<Answer<Json> | undefined> {
    const email = `${randomUUID()}@customers.example`;
    const password = `the-password-of-${randomUUID()}`;
    const account = await this.api.post('/api/users', { email, password, name: 'A Newcomer' });
    if (account.status !== 201) return account;
    const session = await this.api.post('/api/auth/login', { email, password });
    if (session.status !== 200) return session;
    const customer = { id: account.body.id, email, password, token: session.body.accessToken };
    this.customers.push(customer);
    return this.send(this.newWish(customer));
  }

  private async shop(): Promise<void> {
    while (this.going) {
      const again = this.wishes.length > 0 && this.random.chance(0.1);
      const wish = again ? this.random.pick(this.wishes) : this.newWish();
      const cancels = !again && this.random.chance(0.2);
      const ships = !again && this.random.chance(0.3);
      const returns = this.random.chance(0.5);
      const sent = this.send(wish);
      const answer = await sent;
      this.answered += 1;
      const [orderId] = wish.orderIds;
      if (cancels && orderId !== undefined) await this.ask(orderId, 'cancel', wish.customer.token);
      if (ships && orderId !== undefined) await this.ask(orderId, 'ship', this.admin);
      if (ships && returns && orderId !== undefined) await this.ask(orderId, 'return', this.admin);
      // Clients back off, especially from a shop that is down.
      await pause(answer === undefined || answer.status >= 500 ? BACKS_OFF_MS : THINKS_MS);
    }
  }

  private async ask(orderId: string, what: 'cancel' | 'ship' | 'return', token: string): Promise<void> {
    await this.api.post(`/api/orders/${orderId}/${what}`, {}, token).catch(() => undefined);
    this.answered += 1;
  }

  /** A request that has not been sent yet. */
  newWish(customer = this.random.pick(this.customers)): Wish {
    const wish: Wish = {
      customer,
      key: `wish-${this.wishes.length}-${this.random.between(0, 1_000_000_000)}`,
      productId: this.random.pick(this.products),
      quantity: this.random.between(1, 3),
      method: this.random.pick(this.methods),
      orderIds: new Set(),
    };
    this.wishes.push(wish);
    return wish;
  }
}
