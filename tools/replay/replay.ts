import { ApiProblem } from '../client/api-problem.js';
import type { Order, Product, Stock, User } from '../client/resources.js';
import type { ShopClient } from '../client/shop-client.js';
import { waitForOrder } from '../client/wait-for-order.js';
import type { HistoricCustomer, HistoricOrder, HistoricProduct, History } from './history.js';
import { PriceTurns } from './price-turns.js';

const CURRENCY = 'USD';

export interface Progress {
  stage(name: string, total: number): void;
  step(): void;
}

export interface ReplayOptions {
  /** How many orders at a time. */
  readonly concurrency: number;
  readonly progress: Progress;
}

interface Buyer {
  readonly id: string;
  readonly client: ShopClient;
}

/** Sends a trader's history through a shop. Run again, it finds what it has done before and doubles nothing. */
export class Replay {
  private readonly products = new Map<number, Product>();
  private readonly buyers = new Map<string, Buyer>();

  constructor(
    private readonly shop: ShopClient,
    private readonly admin: ShopClient,
    private readonly history: History,
    private readonly options: ReplayOptions,
  ) {}

  async run(): Promise<Order[]> {
    await this.loadCatalogue();
    await this.registerCustomers();
    const orders = await this.placeOrders();
    await this.discontinue();
    return orders;
  }

  /** Each product gets as many units as its orders need, and none more. */
  private async loadCatalogue(): Promise<void> {
    const { products, orders } = this.history;
    const needed = new Map<number, number>();
    for (const { product, quantity } of orders.flatMap(({ lines }) => lines)) {
      needed.set(product, (needed.get(product) ?? 0) + quantity);
    }
    this.options.progress.stage('catalogue', products.length);
    for (const product of products) {
      const { id } = await this.findOrAdd(product);
      const { onHand } = await this.admin.get<Stock>(`/api/inventory/${id}`);
      const units = needed.get(product.number) ?? 0;
      if (onHand < units) await this.admin.put(`/api/inventory/${id}`, { onHand: units });
      this.options.progress.step();
    }
  }

  private async findOrAdd({
    number,
    sku,
    name,
    category,
    description,
    priceCents,
  }: HistoricProduct): Promise<Product> {
    const price = { amountMinor: priceCents, currency: CURRENCY };
    const product =
      (await this.findProduct(sku)) ??
      (await this.admin.post<Product>('/api/products', { sku, name, category, description, price }));
    this.products.set(number, product);
    return product;
  }

  private async findProduct(sku: string): Promise<Product | undefined> {
    for await (const product of this.admin.list<Product>(`/api/products?status=all&q=${sku}`)) {
      if (product.sku === sku) return product;
    }
    return undefined;
  }

  private async registerCustomers(): Promise<void> {
    const { customers } = this.history;
    this.options.progress.stage('customers', customers.length);
    for (const customer of customers) {
      this.buyers.set(customer.code, await this.registerOrLogin(customer));
      this.options.progress.step();
    }
  }

  private async registerOrLogin({ code, name }: HistoricCustomer): Promise<Buyer> {
    const email = `${code.toLowerCase()}@northwind.example`;
    const password = `Northwind customer ${code}`;
    await this.shop.post('/api/users', { email, password, name }).catch((error: unknown) => {
      if (!(error instanceof ApiProblem) || error.code !== 'email_taken') throw error;
    });
    const client = this.shop.as({ email, password });
    const { id } = await client.get<User>('/api/users/me');
    return { id, client };
  }

  private async placeOrders(): Promise<Order[]> {
    const { orders } = this.history;
    const placed = await this.findPlaced();
    const toPrice = orders.filter((order) => !placed.has(order.number));
    const turns = new PriceTurns(toPrice, (product, priceCents) => this.setPrice(product, priceCents));
    this.options.progress.stage('orders', orders.length);
    const slots = new Slots(this.options.concurrency);
    const results = orders.map(async (order) => {
      const isNew = !placed.has(order.number);
      if (isNew) await turns.wait(order);
      const result = await slots.run(() => this.place(order));
      if (isNew) await turns.finish(order);
      this.options.progress.step();
      return result;
    });
    const [all] = await Promise.all([Promise.all(results), turns.begin()]);
    return all;
  }

  private async place({ number, customer, lines }: HistoricOrder): Promise<Order> {
    const buyer = this.buyers.get(customer);
    if (!buyer) throw new Error(`order ${number} has no customer`);
    const items = lines.map(({ product, quantity }) => ({
      productId: this.products.get(product)?.id,
      quantity,
    }));
    const body = { items, payment: { method: 'pm_card_ok' }, currency: CURRENCY };
    const order = await buyer.client.post<Order>('/api/orders', body, `northwind-${number}`);
    return waitForOrder(buyer.client, order);
  }

  /**
   * The orders that an earlier run has placed, so that no price needs to change for them again. The API does not tell
   * the keys of orders, so they are found by who ordered what at which price.
   */
  private async findPlaced(): Promise<ReadonlySet<number>> {
    const seen = new Map<string, number>();
    for await (const { userId, items } of this.admin.list<Order>('/api/orders')) {
      const key = fingerprint(
        userId,
        items.map(({ productId, quantity, unitPrice }) => [productId, quantity, unitPrice.amountMinor]),
      );
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const placed = new Set<number>();
    for (const { number, customer, lines } of this.history.orders) {
      const content = lines.map(({ product, quantity, priceCents }) => [
        this.products.get(product)?.id ?? '',
        quantity,
        priceCents,
      ]);
      const key = fingerprint(this.buyers.get(customer)?.id ?? '', content);
      const left = seen.get(key) ?? 0;
      if (left > 0) placed.add(number);
      seen.set(key, left - 1);
    }
    return placed;
  }

  private async setPrice(number: number, priceCents: number): Promise<void> {
    const product = this.products.get(number);
    if (!product || product.price.amountMinor === priceCents) return;
    const price = { amountMinor: priceCents, currency: CURRENCY };
    this.products.set(number, await this.admin.patch<Product>(`/api/products/${product.id}`, { price }));
  }

  private async discontinue(): Promise<void> {
    const discontinued = this.history.products.filter((product) => product.discontinued);
    this.options.progress.stage('discontinued', discontinued.length);
    for (const { number } of discontinued) {
      await this.admin.delete(`/api/products/${this.products.get(number)?.id}`);
      this.options.progress.step();
    }
  }
}

function fingerprint(userId: string, lines: readonly (string | number)[][]): string {
  return `${userId} ${lines
    .map((line) => line.join(':'))
    .sort()
    .join(' ')}`;
}

/** Lets so many pieces of work run at a time, first come, first served. */
class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
