import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { StockRepository } from './data/stock-repository.js';

/** The database rejects such stock; this metric shows that the check constraint is still in effect. */
export const stockMetricProviders = [
  makeGaugeProvider({
    name: 'inventory_oversold_products',
    help: 'Products with less on hand than is reserved, or less than nothing; always 0',
    inject: [StockRepository],
    async collect(this: Gauge, stock: StockRepository) {
      // An unavailable database has no figures; its health check reports that.
      await stock.countOversold().then(
        (products) => this.set(products),
        () => this.reset(),
      );
    },
  }),
];
