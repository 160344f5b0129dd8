import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { StockRepository } from './data/stock-repository.js';

/** The database refuses such stock; this shows that it does, and that nobody took the check away. */
export const stockMetricProviders = [
  makeGaugeProvider({
    name: 'inventory_oversold_products',
    help: 'Products with less on hand than is reserved, or less than nothing; always 0',
    inject: [StockRepository],
    async collect(this: Gauge, stock: StockRepository) {
      // A database that is away has no figures, which is told by its health.
      await stock.countOversold().then(
        (products) => this.set(products),
        () => this.reset(),
      );
    },
  }),
];
