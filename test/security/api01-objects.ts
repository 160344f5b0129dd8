import assert from 'node:assert/strict';
import { it } from 'node:test';
import { InternalTokens } from '@fissile/kit/rpc';
import { bodyFor, filled, OF_ANYONE, OF_CUSTOMERS, routesOf } from './documented-routes.js';
import { CARD, INTERNAL_SECRET, type ProbedShop } from './probed-shop.js';

/** The name of a page names no resource. */
const NAMES_ONE = /\{(?!page\})/;

/** Routes whose id names a resource without an owner. */
const SHARED = new Set(['GET /api/products/{id}', 'GET /api/inventory/{productId}']);

export function probeObjects(shop: () => ProbedShop): void {
  const routesWithIds = () =>
    routesOf(shop().document).filter(({ name, path }) => NAMES_ONE.test(path) && !SHARED.has(name));

  it('no route shows or changes what another customer has', async () => {
    const { api, order, alice, bob } = shop();
    for (const route of routesWithIds()) {
      const { name, method, path } = route;
      const { status, text } = await shop().send({
        method,
        path: filled(path, shop()),
        token: bob.token,
        body: bodyFor(route, shop()),
      });
      assert.equal(status, OF_CUSTOMERS.has(name) ? 404 : 403, `${name}: ${text}`);
      for (const secret of [alice.email, alice.id, 'unitPrice', 'captured'])
        assert.ok(!text.includes(secret), `${name} reveals ${secret}`);
    }
    const { body } = await api.get(`/api/orders/${order.id}`, alice.token);
    assert.deepEqual(body, order, 'nothing has changed');
  });

  it('no route shows or changes anything to who has no token', async () => {
    for (const route of routesWithIds()) {
      const { name, method, path } = route;
      const body = bodyFor(route, shop());
      const { status } = await shop().send({ method, path: filled(path, shop()), body });
      assert.equal(status, OF_ANYONE.has(name) ? 200 : 401, name);
    }
  });

  it('what is not there and what is not yours get the same answer', async () => {
    const { order, bob } = shop();
    const ask = async (path: string) => {
      const { status, body } = await shop().send({ path, token: bob.token });
      return { status, ...body, traceId: '' };
    };
    for (const [start, id] of [
      ['/api/orders/', order.id],
      ['/api/payments/', order.paymentId],
    ])
      assert.deepEqual(await ask(start + id), await ask(`${start}0197d3b5-7f00-7000-8000-000000000000`));
  });

  it('an id in another spelling opens nothing', async () => {
    const { order, bob } = shop();
    const { id } = order;
    for (const spelled of [
      id.toUpperCase(),
      `${id}/`,
      `${id}%00`,
      `${id}%20`,
      `${id};a=b`,
      `{${id}}`,
      `${id}.json`,
      `${id}?userId=${bob.id}`,
      `${id},${id}`,
      `%2e/${id}`,
      `../orders/${id}`,
      '*',
      '%2a',
      'me',
    ]) {
      const { status, text } = await shop().send({ path: `/api/orders/${spelled}`, token: bob.token });
      assert.ok(status === 404 || status === 400, `${spelled}: ${status} ${text}`);
    }
  });

  it('lists hold what is yours, and no filter or cursor widens them', async () => {
    const { order, alice, bob } = shop();
    const justAfter = Buffer.from('ffffffff-ffff-ffff-ffff-ffffffffffff').toString('base64url');
    for (const path of ['/api/orders', '/api/payments', '/api/notifications']) {
      for (const query of [
        '',
        `?cursor=${justAfter}`,
        path === '/api/payments' ? `?orderId=${order.id}` : '',
      ]) {
        const { status, text } = await shop().send({ path: path + query, token: bob.token });
        assert.equal(status, 200, path + query);
        for (const secret of [order.id, order.paymentId, alice.email])
          assert.ok(!text.includes(secret), path + query);
      }
      // Of whom a list is, an admin alone may say.
      const hers = await shop().send({ path: `${path}?userId=${alice.id}`, token: bob.token });
      assert.equal(hers.status, path === '/api/notifications' ? 400 : 403, path);
      for (const query of [`email=${alice.email}`, 'sort=userId', 'fields=userId', 'all=true'])
        assert.equal((await shop().send({ path: `${path}?${query}`, token: bob.token })).status, 400, query);
    }
  });

  it("another customer's idempotency key gives an order of one's own", async () => {
    const { api, alice, bob, productId } = shop();
    const items = [{ productId, quantity: 1 }];
    const [hers, his] = [
      await api.placeOrder(alice.token, items, { key: 'the-same', method: CARD }),
      await api.placeOrder(bob.token, items, { key: 'the-same', method: CARD }),
    ];
    assert.notEqual(his.body.id, hers.body.id);
    assert.deepEqual([hers.body.userId, his.body.userId], [alice.id, bob.id]);
  });

  it('no header says who somebody is, not even from inside', async () => {
    const { alice, bob, order } = shop();
    const forged = {
      'x-user-id': alice.id,
      'x-user': alice.id,
      'x-roles': 'admin',
      'x-forwarded-user': alice.id,
      'x-fissile-user': alice.id,
      'x-fissile-caller': alice.id,
    };
    const path = `/api/orders/${order.id}`;
    assert.equal((await shop().send({ path, headers: forged })).status, 401);
    assert.equal((await shop().send({ path, headers: forged, token: bob.token })).status, 404);
    if (!shop().isSplit) return;
    const inside = {
      ...forged,
      'x-fissile-internal': await new InternalTokens(INTERNAL_SECRET, 'gateway').tokenFor('orders'),
    };
    const direct = await fetch(shop().shop.addressOf('orders').http + path, { headers: inside });
    assert.equal(direct.status, 401);
  });
}
