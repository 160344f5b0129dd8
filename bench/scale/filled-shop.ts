import { fillShop } from '../../test/harness/fill-shop.js';
import { queryServer, until } from '@fissile/kit/testing';
import { type Round, roundOf } from '../figures.js';
import type { FissileCompetitor } from '../fissile.js';
import { placeOrders } from '../load.js';
import { watchUsage } from '../usage.js';
import { postgresProcesses } from './postgres-processes.js';

const CUSTOMERS = 10_000;
/** Recent enough that clean-ups do not delete them. */
const DAYS = 5;

/** A round that also measures PostgreSQL. */
export interface ScaleRound extends Required<Round> {
  /** Microseconds of PostgreSQL's CPU per order. */
  readonly postgresCpu: number;
}

/** A shop with the given numbers of orders and products. */
export class FilledShop {
  private constructor(
    private readonly competitor: FissileCompetitor,
    private readonly productIds: readonly string[],
  ) {}

  static async fill(
    competitor: FissileCompetitor,
    { orders, products }: { readonly orders: number; readonly products: number },
  ): Promise<FilledShop> {
    const [token = ''] = await competitor.tokens();
    const { productIds, shop, url } = competitor;
    // The patterns of the rows that are filled in.
    await placeOrders(url, { by: { clients: 1 }, seconds: 1, productIds, tokens: [token] });
    await until(`${competitor.name} has settled`, () => competitor.isSettled(), 120_000);
    await fillShop(shop, { orders, products, customers: CUSTOMERS, days: DAYS });
    const rows = await queryServer<{ id: string }>(
      shop.databaseServerUrl,
      `SELECT id FROM products WHERE status = 'active' AND sku LIKE 'FILLED-%'`,
      [],
      `${shop.databasePrefix}_products`,
    );
    return new FilledShop(
      competitor,
      rows.map(({ id }) => id),
    );
  }

  get name(): string {
    return this.competitor.name;
  }

  async run(load: { readonly concurrency: number; readonly seconds: number }): Promise<ScaleRound> {
    const { competitor, productIds } = this;
    const tokens = await competitor.tokens();
    const usage = watchUsage(competitor.pids());
    const server = await postgresProcesses(competitor.shop.databaseServerUrl);
    const before = server.cpuSeconds();
    const served = await placeOrders(competitor.url, {
      by: { clients: load.concurrency },
      seconds: load.seconds,
      productIds,
      tokens,
    }).catch((error: unknown) => {
      console.error(`${competitor.name}:\n${competitor.output().slice(-2_000)}`);
      throw error;
    });
    await until(`${competitor.name} has settled`, () => competitor.isSettled(), 120_000);
    const postgresCpu = ((server.cpuSeconds() - before) * 1_000_000) / served.count;
    return { ...roundOf(served, usage()), postgresCpu };
  }
}
