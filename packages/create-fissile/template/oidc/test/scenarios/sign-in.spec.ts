import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ProductUnderTest, productUnderTest } from '../harness/product-under-test.js';

describe('Tokens of the identity provider', () => {
  let product: ProductUnderTest;

  before(async () => {
    product = await productUnderTest();
  });

  after(() => product.close());

  const topology = async (token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { response } = await product.client.GET('/api/admin/topology', { headers });
    return response;
  };

  it('are accepted with the role that a route needs, and refused without', async () => {
    assert.equal((await topology(await product.signInAsAdmin())).status, 200);
    assert.equal((await topology(await product.signIn())).status, 403);
  });

  it('are needed, and checked', async () => {
    assert.equal((await topology()).status, 401);
    const [header, payload] = (await product.signInAsAdmin()).split('.');
    assert.equal((await topology(`${header}.${payload}.${'A'.repeat(86)}`)).status, 401);
  });
});
