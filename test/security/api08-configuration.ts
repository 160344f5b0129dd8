import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StripeFake } from '../harness/stripe-fake.js';
import type { Json } from '../harness/api.js';
import { bodyFor, filled, routesOf } from './documented-routes.js';
import { ALLOWED_ORIGIN, INTERNAL_SECRET, KEY_SECRET, type ProbedShop } from './probed-shop.js';
import { withEachText } from './with-each-text.js';

/** Text that reveals implementation details. */
const INSIDE =
  /\bat .+\.[jt]s:\d+|node_modules|\/dist\/|file:\/\/|SELECT |INSERT |syntax error|typeorm|postgres|pg_|fastify|nestjs|ECONN|TypeError|undefined/i;

const HOSTILE = [
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '") UNION SELECT password_hash FROM users --',
  '{"$gt": ""}',
  '*)(uid=*))(|(uid=*',
  '${7*7}{{7*7}}<%= 7*7 %>',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  '../../../../etc/passwd',
  'a\r\nSet-Cookie: evil=1',
  'a\u0000b',
  '\ud800',
  '\u202egnp.exe',
  '%s%n%x',
];

export function probeConfiguration(shop: () => ProbedShop): void {
  const isDecent = (what: string, { status, text }: { status: number; text: string }): void => {
    assert.ok(status < 500, `${what}: ${status} ${text}`);
    if (status >= 400)
      assert.doesNotMatch(text.replace(/"(detail|title|message)":"[^"]*undefined[^"]*"/, ''), INSIDE, what);
  };

  it('hostile text in any field or query is text, and no error reveals internals', async () => {
    for (const route of routesOf(shop().document)) {
      const path = filled(route.path, shop());
      const queries = (route.operation.parameters ?? []).filter(
        (parameter: Json) => parameter.in === 'query',
      );
      for (const hostile of HOSTILE) {
        const text = encodeURIComponent(hostile.toWellFormed());
        for (const { name } of queries)
          isDecent(route.name, await shop().send({ path: `${path}?${name}=${text}`, token: shop().admin }));
        for (const body of withEachText(bodyFor(route, shop()), hostile))
          isDecent(
            `${route.name} ${JSON.stringify(body)}`,
            await shop().send({ method: route.method, path, token: shop().admin, body, from: '127.0.0.7' }),
          );
      }
    }
    assert.equal(
      (await shop().api.get('/api/users/me', shop().alice.token)).status,
      200,
      'the tables are there',
    );
  });

  it('hostile text in a path or an id is not found', async () => {
    for (const hostile of [
      ...HOSTILE.map((text) => encodeURIComponent(text.toWellFormed())),
      '%zz',
      '%c0%ae%c0%ae',
      '%2e%2e%2f%2e%2e%2f',
      '..;/',
    ])
      for (const start of [
        '/api/orders/',
        '/api/products/',
        '/api/admin/sagas/',
        '/assets/',
        '/docs/',
        '/console/',
        '/shop/',
        '/',
      ]) {
        const answer = await shop().send({ path: start + hostile, token: shop().admin });
        isDecent(start + hostile, answer);
        assert.ok(answer.status >= 400, start + hostile);
        assert.doesNotMatch(answer.text, /root:|"dependencies"/);
      }
  });

  it('every answer has the security headers, and reveals nothing of its implementation', async () => {
    for (const path of [
      '/api/products',
      '/api/orders',
      '/api/nothing',
      '/api/products/%zz',
      '/health',
      '/docs',
      '/console',
      '/metrics',
    ]) {
      const { headers } = await shop().send({ path });
      assert.equal(headers['server'], undefined, path);
      assert.equal(headers['x-powered-by'], undefined, path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, path);
      assert.match(String(headers['strict-transport-security']), /max-age=\d{7,}/, path);
      assert.equal(headers['x-frame-options'], 'SAMEORIGIN', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
    }
  });

  it('only pages of the origins that are set may read answers, and never with cookies', async () => {
    for (const origin of [
      'null',
      'https://evil.example',
      'https://shop.example.evil.example',
      'https://evilshop.example',
      'http://shop.example',
      'https://shop.example:8443',
      'https://SHOP.example',
      '*',
      `${ALLOWED_ORIGIN}/`,
    ]) {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = { origin, 'access-control-request-method': 'DELETE' };
        const answer = await shop().send({ method, path: '/api/products', headers });
        assert.ok(
          [undefined].includes(answer.headers['access-control-allow-origin'] as undefined),
          `${method} ${origin}`,
        );
      }
    }
    const allowed = await shop().send({ path: '/api/products', headers: { origin: ALLOWED_ORIGIN } });
    assert.equal(allowed.headers['access-control-allow-origin'], ALLOWED_ORIGIN);
    assert.equal(allowed.headers['access-control-allow-credentials'], undefined);
    assert.match(String(allowed.headers['vary']), /origin/i);
  });

  it('unused methods do nothing, and echo nothing', async () => {
    for (const method of [
      'TRACE',
      'PROPFIND',
      'MKCOL',
      'COPY',
      'LOCK',
      'SEARCH',
      'PURGE',
      'OPTIONS',
      'LINK',
    ]) {
      const { status, text } = await shop().send({
        method,
        path: '/api/orders',
        headers: { 'x-echo': 'parrot' },
        token: shop().admin,
      });
      assert.ok(status >= 400, `${method} ${status}`);
      assert.ok(!text.includes('parrot'), method);
    }
    assert.match(await shop().raw('EVIL /api/orders HTTP/1.1\r\nHost: shop\r\n\r\n'), /^HTTP\/1\.1 400 /);
  });

  it('a request whose end is in doubt is refused, and nothing is smuggled behind it', async () => {
    const inner = 'GET /metrics HTTP/1.1\r\nHost: shop\r\n\r\n';
    const post = 'POST /api/orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n';
    for (const head of [
      'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n',
      'Transfer-Encoding: chunked\r\nContent-Length: 6\r\n',
      'Content-Length: 6\r\nContent-Length: 7\r\n',
      'Content-Length: +6\r\n',
      'Content-Length: 0x6\r\n',
      'Transfer-Encoding: xchunked\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Transfer-Encoding : chunked\r\n',
      'Transfer-Encoding:\r\n chunked\r\nContent-Length: 6\r\n',
      'X: 1\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n',
    ]) {
      const answer = await shop().raw(`${post}${head}\r\n0\r\n\r\n${inner}`, (text) =>
        text.includes('http_requests_total'),
      );
      assert.match(answer, /^HTTP\/1\.1 400 /, head);
      assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1, head);
    }
    assert.match(await shop().raw('GET / HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 /, 'no host');
  });

  it('no header of a client comes back as a header of the answer', async () => {
    for (const id of ['a\tb', '<script>', 'x'.repeat(200), 'a;b', '"']) {
      const { headers } = await shop().send({ path: '/api/products', headers: { 'x-request-id': id } });
      assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/, id);
    }
    const { text, headers } = await shop().send({
      path: '/api/nothing-%0d%0aSet-Cookie:%20a=b',
      headers: { 'x-fissile-endpoint': '/made-up', 'x-fissile-internal': 'x', 'x-fissile-timeout-ms': '1' },
    });
    assert.equal(headers['set-cookie'], undefined);
    assert.doesNotMatch(text, /Set-Cookie/);
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith('x-fissile')),
      [],
    );
    const { body } = await shop()
      .send({ path: '/metrics' })
      .then(({ text: page }) => ({ body: page }));
    assert.doesNotMatch(body, /made-up/);
  });

  it('tokens are not kept by caches', async () => {
    const { alice } = shop();
    const { headers } = await shop().send({
      method: 'POST',
      path: '/api/auth/login',
      body: { email: alice.email, password: alice.password },
    });
    assert.equal(headers['cache-control'], 'no-store');
  });

  it('metrics and health reveal no person and no secret', async () => {
    const { alice, order } = shop();
    for (const path of [
      '/metrics',
      '/health',
      '/health/ready',
      '/health/live',
      '/health/startup',
      '/docs-json',
    ]) {
      const { text } = await shop().send({ path });
      for (const secret of [
        alice.id,
        alice.email,
        order.id,
        INTERNAL_SECRET,
        KEY_SECRET,
        StripeFake.SECRET_KEY,
        'postgres://',
      ])
        assert.ok(!text.includes(secret), `${path} reveals ${secret}`);
    }
  });

  it('the logs hold none of what was tried', () => {
    assert.doesNotMatch(
      shop().shop.output,
      /customers\.example|the-password-of-|eyJ[\w-]+\.eyJ|sk_test_of|\$argon2/,
    );
    for (const secret of [INTERNAL_SECRET, KEY_SECRET]) assert.ok(!shop().shop.output.includes(secret));
  });
}
