import { startTestServer } from '@fissile/kit/testing';
import { FissileCompetitor } from '../fissile.js';
import { OwnTopology } from '../own-topology.js';
import { postgresVersion, readOptions, writeReport } from '../report/index.js';
import { inTurns } from '../turns.js';
import { FilledShop, type ScaleRound } from './filled-shop.js';
import { type Comparison, scaleReport } from './scale-report.js';

/**
 * Places orders at shops with growing numbers of orders and of products, and at one with two instances of orders
 * instead of one. Filling them takes minutes, and temporarily gigabytes of disk. Usage: npm run bench:scale [--
 * --rounds N] [--seconds N] [--concurrency N] [--orders 10000,100000,1000000] [--products 100,10000,100000]
 * [--no-report]
 */
const options = readOptions({
  rounds: 3,
  seconds: 4,
  concurrency: 16,
  orders: [10_000, 100_000, 1_000_000],
  products: [100, 10_000, 100_000],
});
const [fewestOrders = 1] = options.orders;
const [fewestProducts = 1] = options.products;

const database = await startTestServer();
process.env['TEST_DATABASE_URL'] = database.url;
const topology = new OwnTopology(topologyOf('one', 1) + topologyOf('two', 2));
const open: FissileCompetitor[] = [];
try {
  const comparisons = [await compareOrders(), await compareProducts(), await compareInstances()];
  await writeReport(
    scaleReport(comparisons, options.concurrency, await postgresVersion(database.url)),
    options.full,
  );
} finally {
  await closeAll();
  await database.stop();
  topology.remove();
}

async function compareOrders(): Promise<Comparison> {
  const shops: FilledShop[] = [];
  for (const orders of options.orders) {
    shops.push(await startFilled(`${orders} orders`, { orders, products: fewestProducts }));
  }
  return compare('Orders that are stored', shops);
}

async function compareProducts(): Promise<Comparison> {
  const shops: FilledShop[] = [];
  for (const products of options.products) {
    shops.push(await startFilled(`${products} products`, { orders: fewestOrders, products }));
  }
  return compare('Products that are sold', shops);
}

async function compareInstances(): Promise<Comparison> {
  const shops: FilledShop[] = [];
  for (const [name, count] of [
    ['one instance of orders', 'one'],
    ['two instances of orders', 'two'],
  ] as const) {
    shops.push(
      await startFilled(name, { orders: fewestOrders, products: fewestProducts }, { TOPOLOGY: count }),
    );
  }
  return compare('A split over gRPC', shops);
}

async function startFilled(
  name: string,
  size: { readonly orders: number; readonly products: number },
  env: Readonly<Record<string, string>> = {},
): Promise<FilledShop> {
  const competitor = await FissileCompetitor.start(name, env, { cwd: topology.folder });
  open.push(competitor);
  return FilledShop.fill(competitor, size);
}

async function compare(title: string, shops: readonly FilledShop[]): Promise<Comparison> {
  const run = (shop: FilledShop): Promise<ScaleRound> => shop.run(options);
  for (const shop of shops) await run(shop);
  const rounds = await inTurns(shops, options.rounds, run);
  await closeAll();
  return { title, results: [...rounds].map(([{ name }, each]) => ({ name, rounds: each })) };
}

async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((competitor) => competitor.stop()));
}

function topologyOf(name: string, instances: number): string {
  const others = ['notifications', 'payments', 'inventory', 'products', 'users'];
  return [
    `${name}:`,
    '  gateway: [gateway]',
    `  orders: { hosts: [orders], instances: ${instances} }`,
    ...others.map((context) => `  ${context}: [${context}]`),
    '',
  ].join('\n');
}
