import { randomBytes } from 'node:crypto';
import { CONTEXTS } from '#contracts';
import { Api } from '../test/harness/api.js';
import { queryServer } from '@fissile/kit/testing';
import { ADMIN, Shop } from '../test/harness/shop.js';
import type { Competitor } from './competitor.js';

const CUSTOMERS = 16;
const STOCK = 1_000_000_000;
/** The password of the tests stands in documents, so production refuses it. */
const ADMIN_PASSWORD = randomBytes(16).toString('hex');

/** The settings of a measured shop. */
export function productionSettings(): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'production',
    ADMIN_PASSWORD,
    PAYMENT_PROVIDER: 'sandbox',
    LOG_LEVEL: 'warn',
    DATABASE_POOL_SIZE: '10',
    ACCESS_TOKEN_MINUTES: '60',
    INTERNAL_AUTH_SECRET: randomBytes(32).toString('hex'),
    // Limits are checked as usual; they are too high to be reached.
    THROTTLE_ENABLED: 'true',
    THROTTLE_RATE: '1000000',
    THROTTLE_BURST: '1000000',
  };
}

/** A Fissile shop with products and customers, as it runs in production. */
export class FissileCompetitor implements Competitor {
  private constructor(
    readonly name: string,
    readonly shop: Shop,
    readonly productIds: readonly string[],
    private readonly customers: readonly string[],
  ) {}

  /** @param cwd the folder whose config/ it reads; the project's when absent */
  static async start(
    name: string,
    env: Readonly<Record<string, string>>,
    { cwd, products = 100 }: { readonly cwd?: string; readonly products?: number } = {},
  ): Promise<FissileCompetitor> {
    const shop = await Shop.start({
      env: { ...productionSettings(), ...env },
      ...(cwd !== undefined && { cwd }),
    });
    const api = new Api(shop);
    const admin = await api.login(ADMIN.email, ADMIN_PASSWORD);
    const productIds: string[] = [];
    for (let index = 0; index < products; index += 1) {
      productIds.push(await api.product(admin, { stock: STOCK, priceMinor: 100 + index }));
    }
    const customers: string[] = [];
    for (let index = 0; index < CUSTOMERS; index += 1) customers.push((await api.customer()).token);
    return new FissileCompetitor(name, shop, productIds, customers);
  }

  get url(): string {
    return this.shop.url;
  }

  pids(): readonly number[] {
    return this.shop.allPids();
  }

  /** An access token of its admin. */
  adminToken(): Promise<string> {
    return new Api(this.shop).login(ADMIN.email, ADMIN_PASSWORD);
  }

  async tokens(): Promise<readonly string[]> {
    return this.customers;
  }

  /** All events are published, and so, in one process and over the direct bus, handled. */
  async isSettled(): Promise<boolean> {
    const waiting = await Promise.all(
      CONTEXTS.map((context) =>
        queryServer(
          this.shop.databaseServerUrl,
          'SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1',
          [],
          `${this.shop.databasePrefix}_${context}`,
        ),
      ),
    );
    return waiting.every((rows) => rows.length === 0);
  }

  output(): string {
    return this.shop.output;
  }

  stop(): Promise<void> {
    return this.shop.close();
  }
}
