import {
  hasCode,
  type Order,
  orderAtRest,
  placeOrder,
  type Resource,
  type ShopClient,
} from '@fissile/client';
import type { HistoricCustomer, HistoricOrder, HistoricProduct, History } from './history.js';
import { PriceTurns } from './price-turns.js';

type Product = Resource<'Product'>;

const CURRENCY = 'USD';

export interface Progress {
  stage(name: string, total: number): void;
  step(): void;
}

export interface ReplayOptions {
  /** How many orders run concurrently. */
  readonly concurrency: number;
  readonly progress: Progress;
}

interface Buyer {
  readonly id: string;
  readonly client: ShopClient;
}

/** Replays a trader's history against a shop. A second run detects what exists and duplicates nothing. */
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

  /** Each product gets exactly as many units as its orders need. */
  private async loadCatalogue(): Promise<void> {
    const { products, orders } = this.history;
    const needed = new Map<number, number>();
    for (const { product, quantity } of orders.flatMap(({ lines }) => lines)) {
      needed.set(product, (needed.get(product) ?? 0) + quantity);
    }
    this.options.progress.stage('catalogue', products.length);
    for (const product of products) {
      const { id } = await this.findOrAdd(product);
      const params = { path: { productId: id } };
      const { onHand = 0 } = await this.admin.get('/api/inventory/{productId}', { params });
      const units = needed.get(product.number) ?? 0;
      if (onHand < units) {
        await this.admin.put('/api/inventory/{productId}', { params, body: { onHand: units } });
      }
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
      (await this.admin.post('/api/products', { body: { sku, name, category, description, price } }));
    this.products.set(number, product);
    return product;
  }

  private async findProduct(sku: string): Promise<Product | undefined> {
    for await (const product of this.admin.list('/api/products', { status: 'all', q: sku })) {
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
    await this.shop.post('/api/users', { body: { email, password, name } }).catch((error: unknown) => {
      if (!hasCode(error, 'email_taken')) throw error;
    });
    const client = this.shop.as({ email, password });
    const { id } = await client.get('/api/users/me');
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
    const items = lines.map(({ product, quantity }) => ({ productId: this.idOf(product), quantity }));
    const wanted = { items, payment: { method: 'pm_card_ok' }, currency: CURRENCY };
    return orderAtRest(buyer.client, await placeOrder(buyer.client, wanted, `northwind-${number}`));
  }

  /**
   * The orders that an earlier run placed, so that no price needs to change for them again. The API does not return
   * the keys of orders, so they are matched by customer, products and prices.
   */
  private async findPlaced(): Promise<ReadonlySet<number>> {
    const seen = new Map<string, number>();
    for await (const { userId, items } of this.admin.list('/api/orders')) {
      const key = fingerprint(
        userId,
        items.map(({ productId, quantity, unitPrice }) => [productId, quantity, unitPrice.amountMinor]),
      );
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const placed = new Set<number>();
    for (const { number, customer, lines } of this.history.orders) {
      const content = lines.map(({ product, quantity, priceCents }) => [
        this.idOf(product),
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

  private idOf(number: number): string {
    const product = this.products.get(number);
    if (!product) throw new Error(`the catalogue has no product ${number}`);
    return product.id;
  }

  private async setPrice(number: number, priceCents: number): Promise<void> {
    const product = this.products.get(number);
    if (!product || product.price.amountMinor === priceCents) return;
    const price = { amountMinor: priceCents, currency: CURRENCY };
    const params = { path: { id: product.id } };
    this.products.set(number, await this.admin.patch('/api/products/{id}', { params, body: { price } }));
  }

  private async discontinue(): Promise<void> {
    const discontinued = this.history.products.filter((product) => product.discontinued);
    this.options.progress.stage('discontinued', discontinued.length);
    for (const { number } of discontinued) {
      await this.admin.delete('/api/products/{id}', { params: { path: { id: this.idOf(number) } } });
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

/** Limits how many functions run concurrently, first come, first served. */
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
