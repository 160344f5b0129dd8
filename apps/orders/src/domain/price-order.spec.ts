import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MAX_PRICE_MINOR, MAX_TOTAL_MINOR } from '#contracts/money';
import { priceOrder, type ProductForSale } from './price-order.js';

const tea: ProductForSale = {
  id: 'tea',
  sku: 'T',
  name: 'Tea',
  priceMinor: 199,
  currency: 'USD',
  active: true,
};
const cake: ProductForSale = {
  id: 'cake',
  sku: 'C',
  name: 'Cake',
  priceMinor: 500,
  currency: 'USD',
  active: true,
};

describe('priceOrder', () => {
  it('reads prices and names from the catalogue', () => {
    const pricing = priceOrder(
      [
        { productId: 'tea', quantity: 3 },
        { productId: 'cake', quantity: 1 },
      ],
      [cake, tea],
    );
    assert.deepEqual(pricing, {
      ok: true,
      order: {
        lines: [
          { productId: 'tea', sku: 'T', name: 'Tea', quantity: 3, unitPriceMinor: 199 },
          { productId: 'cake', sku: 'C', name: 'Cake', quantity: 1, unitPriceMinor: 500 },
        ],
        totalMinor: 1_097,
        currency: 'USD',
      },
    });
  });

  it('rejects what is not for sale and says which product', () => {
    const refusal = { ok: false, code: 'product_unavailable', productId: 'tea' };
    assert.deepEqual(priceOrder([{ productId: 'tea', quantity: 1 }], [cake]), refusal);
    assert.deepEqual(priceOrder([{ productId: 'tea', quantity: 1 }], [{ ...tea, active: false }]), refusal);
  });

  it('rejects a currency that the products do not have, and a mixture', () => {
    const items = [
      { productId: 'tea', quantity: 1 },
      { productId: 'cake', quantity: 1 },
    ];
    assert.deepEqual(priceOrder(items, [tea, { ...cake, currency: 'EUR' }]), {
      ok: false,
      code: 'currency_mismatch',
      productId: 'cake',
    });
    assert.equal(priceOrder(items, [tea, cake], 'EUR').ok, false);
  });

  it('either counts the total exactly or refuses it', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 10_000 }),
      priceMinor: fc.nat(MAX_PRICE_MINOR),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), (lines) => {
        const catalogue = lines.map(({ priceMinor }, index) => ({ ...tea, id: `p${index}`, priceMinor }));
        const items = lines.map(({ quantity }, index) => ({ productId: `p${index}`, quantity }));
        const exact = lines.reduce(
          (sum, { quantity, priceMinor }) => sum + BigInt(quantity) * BigInt(priceMinor),
          0n,
        );
        const pricing = priceOrder(items, catalogue);
        if (exact > BigInt(MAX_TOTAL_MINOR)) assert.equal(pricing.ok, false);
        else assert.equal(pricing.ok && BigInt(pricing.order.totalMinor), exact);
      }),
    );
  });
});
