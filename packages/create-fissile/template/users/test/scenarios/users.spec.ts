import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import createClient from 'openapi-fetch';
import type { paths } from '../../client/api.js';
import { type ProductUnderTest, productUnderTest } from '../harness/product-under-test.js';

describe('Users', () => {
  let product: ProductUnderTest;

  before(async () => {
    product = await productUnderTest();
  });

  after(() => product.close());

  it('register, log in and read their profile', async () => {
    const api = product.client(createClient<paths>);
    const headers = { authorization: `Bearer ${await product.signIn()}` };
    const { data, error } = await api.GET('/api/users/me', { headers });
    assert.equal(data?.name, 'A User', error?.detail);
  });

  it('are refused without a token, and with a wrong password', async () => {
    assert.equal((await product.call('GET', '/api/users/me')).status, 401);
    const nobody = { email: 'nobody@example.com', password: 'not-a-password' };
    const { status, body } = await product.call('POST', '/api/auth/login', { body: nobody });
    assert.deepEqual([status, body.code], [401, 'invalid_credentials']);
  });

  it('are listed for admins alone', async () => {
    const list = (token: string) => product.call('GET', '/api/users', { token });
    assert.equal((await list(await product.signIn())).status, 403);
    assert.equal((await list(await product.signInAsAdmin())).status, 200);
  });
});
