import { npmCommand, numberOf, read } from '../command-line/command-line.js';
import { connect } from '../client/connect.js';
import { runTool } from '../client/run-tool.js';
import { reconcile, summarise } from '../reconcile/reconcile.js';
import { readHistory, totalsOf } from './history.js';
import { createProgress } from './progress.js';
import { Replay } from './replay.js';

const command = read(
  npmCommand(
    'replay',
    'Orders at the running shop what the customers of examples/northwind have ordered, and compares.',
  ).option('--concurrency <number>', 'orders at a time', '8'),
);
const concurrency = numberOf(command, 'concurrency', { least: 1 });

await runTool(async () => {
  const { shop, admin, statistics } = await connect();
  const history = readHistory('examples/northwind');
  const expected = totalsOf(history);
  const number = new Intl.NumberFormat('en');
  console.log(
    `  Northwind: ${expected.orders} orders, ${number.format(expected.lines)} lines, at the prices of their time.`,
  );
  console.log('  Left out: discounts and freight. Stock: as many units of each product as its orders need.');
  const progress = createProgress();
  const startedAt = Date.now();
  const replay = new Replay(shop, admin, history, { concurrency, progress });
  const orders = await replay.run().finally(() => progress.stop());
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `  Done in ${seconds} s, with ${number.format(statistics.requests)} requests and ${statistics.waits} waits for the rate limit.`,
  );

  const confirmed = orders.filter(({ status }) => status === 'confirmed');
  const seen = {
    orders: confirmed.length,
    lines: confirmed.flatMap(({ items }) => items).length,
    units: confirmed.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0),
    cents: confirmed.reduce((sum, { total }) => sum + total.amountMinor, 0),
  };
  for (const name of ['orders', 'lines', 'units', 'cents'] as const) {
    const result = seen[name] === expected[name] ? 'ok' : 'DIFFERS';
    console.log(
      `  ${name.padEnd(10)} ${number.format(seen[name])} of ${number.format(expected[name])} ${result}`,
    );
  }
  const { books, differences } = await reconcile(admin);
  console.log(`\n  The whole shop:\n${summarise(books)}`);
  for (const difference of differences) console.error(`  - ${difference}`);
  const whole = JSON.stringify(seen) === JSON.stringify(expected);
  console.log(
    whole && differences.length === 0
      ? '  The books agree, to the cent and the unit.'
      : '  The books do not agree.',
  );
  return whole && differences.length === 0 ? 0 : 1;
});
