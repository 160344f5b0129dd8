import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Api, type Json } from '../harness/api.js';
import { ADMIN } from '../harness/shop.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';

describe('Personal data', () => {
  let shop: SharedShop;
  let api: Api;

  before(async () => {
    shop = await sharedShop();
    api = new Api(shop);
  });

  after(() => shop.close());

  const erase = (token: string | undefined, body: unknown) =>
    api.call('DELETE', '/api/users/me', { token, body });

  it('is erased for who knows the password of the account alone', async () => {
    const { token } = await api.customer();
    const wrong = await erase(token, { password: 'not the password' });
    assert.deepEqual([wrong.status, wrong.body.errors?.[0]?.path], [400, 'password']);
    assert.equal((await erase(token, {})).status, 400);
    assert.equal((await erase(undefined, { password: 'any' })).status, 401);
    assert.equal((await api.get('/api/users/me', token)).status, 200);
  });

  it('of the last admin stays', async () => {
    const admin = await api.admin();
    const refused = await erase(admin, { password: ADMIN.password });
    assert.deepEqual([refused.status, refused.body.code], [409, 'last_admin']);
    assert.equal((await api.get('/api/users/me', admin)).body.email, ADMIN.email);
  });

  it('of an erased account cannot be had back by an admin', async () => {
    const { token, password, id, email } = await api.customer();
    assert.equal((await erase(token, { password })).status, 202);
    assert.equal((await erase(token, { password })).status, 401);
    const change = { token: await api.admin(), body: { status: 'active' } };
    const refused = await api.call('PATCH', `/api/users/${id}`, change);
    assert.deepEqual([refused.status, refused.body.code], [409, 'user_erased']);
    const asked = await api.post('/api/auth/password-reset', { email });
    assert.equal(asked.status, 202);
  });

  it('is exported to its owner, and to nobody else', async () => {
    const admin = await api.admin();
    const one = await api.customer();
    const other = await api.customer();
    const productId = await api.product(admin, { stock: 60 });
    for (let order = 0; order < 25; order += 1) {
      await api.placeOrder(one.token, [{ productId, quantity: 1 }]);
    }
    const own = await api.get('/api/users/me/export', one.token);
    assert.equal(own.status, 200, JSON.stringify(own.body));
    assert.equal(new Set(own.body.contexts.orders.orders.map(({ id }: Json) => id)).size, 25);
    const foreign = await api.get('/api/users/me/export', other.token);
    assert.deepEqual(foreign.body.contexts.orders.orders, []);
    assert.ok(!JSON.stringify(foreign.body).includes(one.id));
    assert.equal((await api.get('/api/users/me/export')).status, 401);
  });
});
