import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HistoricOrder } from './history.js';
import { PriceTurns } from './price-turns.js';

describe('PriceTurns', () => {
  it('every order runs once, at its own prices, however long each takes', async () => {
    const line = fc.record({
      product: fc.integer({ min: 1, max: 4 }),
      quantity: fc.constant(1),
      priceCents: fc.integer({ min: 1, max: 3 }),
    });
    const lines = fc.uniqueArray(line, { selector: ({ product }) => product, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(lines, { maxLength: 20 }), async (scheduler, orderLines) => {
        const orders = orderLines.map((of, number): HistoricOrder => ({
          number,
          customer: '',
          date: '',
          lines: of,
        }));
        const prices = new Map<number, number>();
        const turns = new PriceTurns(orders, async (product, priceCents) => {
          await scheduler.schedule(Promise.resolve());
          prices.set(product, priceCents);
        });
        let done = 0;
        const run = async (order: HistoricOrder) => {
          await turns.wait(order);
          const seen = () => order.lines.map(({ product }) => prices.get(product));
          const needed = order.lines.map(({ priceCents }) => priceCents);
          assert.deepEqual(seen(), needed);
          await scheduler.schedule(Promise.resolve());
          assert.deepEqual(seen(), needed, 'the price stays while the order runs');
          await turns.finish(order);
          done += 1;
        };
        await scheduler.waitFor(Promise.all([turns.begin(), ...orders.map(run)]));
        assert.equal(done, orders.length);
      }),
      { numRuns: 50 },
    );
  });
});
