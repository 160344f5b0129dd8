import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bodyFor, filled, propertiesOf, routesOf } from './documented-routes.js';
import type { ProbedShop } from './probed-shop.js';
import { withEachText } from './with-each-text.js';

const NAMES_OF_ADDRESSES =
  /(url|uri|href|link|host|domain|callback|webhook|endpoint|redirect|avatar|image|proxy)$/i;

export function probeRequestForgery(shop: () => ProbedShop): void {
  it('no field of the public API takes an address', () => {
    const { document } = shop();
    assert.deepEqual(
      propertiesOf(document).filter((property) => NAMES_OF_ADDRESSES.test(property)),
      [],
    );
    assert.doesNotMatch(JSON.stringify(document.components.schemas), /"format":"(uri|url|hostname|ipv[46])"/);
  });

  it('an address in any text is never called', async () => {
    const { canary, admin } = shop();
    const { host } = canary;
    const addresses = [canary.url, `//${host}/`, `http://user:pw@${host}/#x`, `http://127.0.0.1@${host}/`];
    for (const route of routesOf(shop().document)) {
      const path = filled(route.path, shop());
      const queries = (route.operation.parameters ?? []).filter(
        (parameter: { in: string }) => parameter.in === 'query',
      );
      for (const address of addresses) {
        for (const { name } of queries)
          await shop().send({ path: `${path}?${name}=${encodeURIComponent(address)}`, token: admin });
        for (const body of withEachText(bodyFor(route, shop()), address))
          await shop().send({ method: route.method, path, token: admin, body, from: '127.0.0.3' });
      }
    }
    assert.deepEqual(canary.requests, []);
  });

  it('an address in any header is never called, or returned', async () => {
    const { canary, alice } = shop();
    const { host, url } = canary;
    const headers = {
      host,
      forwarded: `host=${host}`,
      'x-forwarded-host': host,
      'x-forwarded-server': host,
      'x-host': host,
      'x-original-url': url,
      'x-rewrite-url': url,
      referer: url,
      origin: url,
      'x-forwarded-proto': 'gopher',
      'x-wap-profile': url,
      link: `<${url}>`,
      'x-callback-url': url,
      'idempotency-key': url,
      via: `1.1 ${host}`,
    };
    for (const path of ['/api/orders', '/api/users/me', '/docs-json', '/health', '/api/nothing']) {
      const { text, headers: answered } = await shop().send({ path, headers, token: alice.token });
      assert.ok(!text.includes(host) && !JSON.stringify(answered).includes(host), path);
    }
    assert.deepEqual(canary.requests, []);
  });

  it('the gateway is no open proxy', async () => {
    const { canary, alice } = shop();
    const { host } = canary;
    for (const target of [
      // In absolute form, as to a proxy: it means a path of the gateway.
      `${canary.url}nothing`,
      `//${host}/`,
      `/${canary.url}`,
      `/api/orders/${canary.url}`,
      `/api/orders@${host}/`,
      `/api/orders/@${host}`,
      `/api/orders/..//${host}/`,
      `/api/orders\\@${host}`,
      `/api/orders/%2f%2f${host}`,
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
    ]) {
      const answer = await shop().raw(
        `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${alice.token}\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, target);
    }
    const tunnel = await shop().raw(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    assert.doesNotMatch(tunnel, /^HTTP\/1\.1 2/);
    assert.deepEqual(canary.requests, []);
  });
}
