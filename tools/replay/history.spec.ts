import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHistory, toCents, totalsOf } from './history.js';

describe('The Northwind history', () => {
  const history = readHistory('examples/northwind');

  it('is read whole', () => {
    assert.deepEqual(totalsOf(history), { orders: 830, lines: 2_155, units: 51_317, cents: 135_445_859 });
    assert.equal(history.customers.length, 89);
    assert.equal(history.products.length, 77);
    assert.equal(history.products.filter(({ discontinued }) => discontinued).length, 8);
  });

  it('has 658 lines below the price of today', () => {
    const today = new Map(history.products.map(({ number, priceCents }) => [number, priceCents]));
    const below = history.orders
      .flatMap(({ lines }) => lines)
      .filter(({ product, priceCents }) => priceCents < (today.get(product) ?? 0));
    assert.equal(below.length, 658);
  });

  it('keeps every cent of a price', () => {
    assert.deepEqual(['14.00', '9.8', '0.29', '263.5000', '7'].map(toCents), [1_400, 980, 29, 26_350, 700]);
    assert.throws(() => toCents('-1'));
  });
});
