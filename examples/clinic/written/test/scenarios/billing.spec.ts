import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ProductUnderTest, productUnderTest } from '../harness/product-under-test.js';

describe('Billing', () => {
  let product: ProductUnderTest;

  before(async () => {
    product = await productUnderTest();
  });

  after(() => product.close());

  it('lists nothing to who has booked nothing, and nothing at all to nobody', async () => {
    const token = await product.signIn();
    assert.deepEqual((await product.call('GET', '/api/billing', { token })).body.items, []);
    assert.equal((await product.call('GET', '/api/billing')).status, 401);
  });
});
