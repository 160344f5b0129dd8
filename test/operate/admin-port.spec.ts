import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort } from '@fissile/kit/testing';
import { Api } from '../harness/api.js';
import { Shop } from '../harness/shop.js';

const OF_OPERATORS = [
  '/health',
  '/metrics',
  '/docs',
  '/docs-json',
  '/docs-events-json',
  '/console',
  '/api/admin/topology',
];
const SPELLINGS = [
  '//metrics',
  '/metrics/',
  '/%6Detrics',
  '/metrics?x',
  '/METRICS',
  '/./metrics',
  '/api/../metrics',
];

for (const topology of ['monolith', 'split']) {
  describe(`The port for operators, ${topology}`, () => {
    let shop: Shop;
    let api: Api;
    let operators: Api;
    let url: string;
    let admin: string;

    before(async () => {
      const port = await freePort();
      shop = await Shop.start({ env: { TOPOLOGY: topology, ADMIN_PORT: String(port) } });
      api = new Api(shop);
      url = `http://127.0.0.1:${port}`;
      operators = new Api({ url });
      admin = await api.admin();
    });

    after(() => shop.close());

    it('answers what operators need, which is nowhere at the public port', async () => {
      for (const path of OF_OPERATORS) {
        const there = await operators.get(path, admin);
        assert.equal(there.status, 200, path);
        const { status, body } = await api.get(path, admin);
        assert.deepEqual([status, body.code], [404, 'not_found'], path);
      }
    });

    it('hides them from every spelling of a path, and from HEAD', async () => {
      for (const path of SPELLINGS) assert.notEqual((await api.get(path, admin)).status, 200, path);
      assert.equal((await api.call('HEAD', '/metrics')).status, 404);
      const named = { headers: { host: new URL(url).host, 'x-forwarded-port': '1' } };
      assert.equal((await api.call('GET', '/metrics', named)).status, 404);
    });

    it('leaves the public API and the probes where they were', async () => {
      for (const path of ['/health/live', '/health/ready', '/health/startup', '/api/products', '/shop'])
        assert.equal((await api.get(path)).status, 200, path);
      assert.equal((await operators.get('/api/products')).status, 200);
    });

    it('leads from the root of each port to what is there', async () => {
      const pathsAt = async (place: Api): Promise<string[]> =>
        (await place.get('/')).body.links.map(({ path }: { path: string }) => path);
      assert.deepEqual(await pathsAt(api), ['/shop', '/account', '/demo']);
      assert.deepEqual(await pathsAt(operators), [
        '/shop',
        '/account',
        '/console',
        '/demo',
        '/docs',
        '/health',
      ]);
    });

    it('stops with the process', async () => {
      assert.equal(await shop.stop(), 0);
      await assert.rejects(operators.get('/health'));
    });
  });
}
