import assert from 'node:assert/strict';
import { it } from 'node:test';
import { filled, OF_CUSTOMERS, routesOf } from './documented-routes.js';
import type { ProbedShop } from './probed-shop.js';

/** What is left of somebody in caches and browsers. */
export function probeCaches(shop: () => ProbedShop): void {
  it('no answer to somebody is kept by a cache', async () => {
    const { document, admin, alice } = shop();
    const reads = routesOf(document).filter(({ method, needsToken }) => method === 'GET' && needsToken);
    assert.ok(reads.length > 15);
    for (const { name, path } of reads) {
      const token = OF_CUSTOMERS.has(name) ? alice.token : admin;
      for (const given of [token, 'a.b.c']) {
        const { headers } = await shop().send({ path: filled(path, shop()), token: given });
        assert.match(String(headers['cache-control']), /^(no-store|private, no-cache)$/, name);
      }
    }
    const { headers } = await shop().send({ method: 'POST', path: '/api/users', body: {} });
    assert.equal(headers['cache-control'], 'no-store', 'nor one to what somebody has sent');
  });

  it('the page of the documentation keeps no token in the browser', async () => {
    const { text } = await shop().send({ path: '/docs/swagger-ui-init.js' });
    assert.match(text, /"persistAuthorization": false/);
  });

  it('how much is in stock, and sold, is for admins', async () => {
    const { productId, alice, admin } = shop();
    const path = `/api/inventory/${productId}`;
    const { body } = await shop().send({ path, token: alice.token });
    assert.deepEqual(Object.keys(body).sort(), ['available', 'productId']);
    const { body: all } = await shop().send({ path, token: admin });
    assert.deepEqual(Object.keys(all).sort(), ['available', 'onHand', 'productId', 'reserved']);
  });
}
