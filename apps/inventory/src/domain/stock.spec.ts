import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { available, changeOnHand, MAX_ON_HAND, sumByProduct } from './stock.js';

describe('Stock', () => {
  it('what is not promised is available', () => {
    assert.equal(available({ onHand: 10, reserved: 3 }), 7);
  });

  it('may shrink to what is promised, and not below', () => {
    assert.deepEqual(changeOnHand({ reserved: 3 }, 3), { ok: true, onHand: 3 });
    assert.deepEqual(changeOnHand({ reserved: 3 }, 2), { ok: false, code: 'stock_below_reserved' });
    assert.deepEqual(changeOnHand({ reserved: 0 }, -1), { ok: false, code: 'stock_below_reserved' });
  });

  it('may grow to its limit, and not beyond', () => {
    assert.deepEqual(changeOnHand({ reserved: 0 }, MAX_ON_HAND), { ok: true, onHand: MAX_ON_HAND });
    assert.deepEqual(changeOnHand({ reserved: 0 }, MAX_ON_HAND + 1), {
      ok: false,
      code: 'stock_limit_exceeded',
    });
  });

  it('is requested by the sum of all lines of a product', () => {
    const lines = [
      { productId: 'a', quantity: 2 },
      { productId: 'b', quantity: 1 },
      { productId: 'a', quantity: 3 },
    ];
    assert.deepEqual(sumByProduct(lines), [
      { productId: 'a', quantity: 5 },
      { productId: 'b', quantity: 1 },
    ]);
  });
});
