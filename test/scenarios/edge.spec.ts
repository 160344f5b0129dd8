import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Api } from '../harness/api.js';
import { Shop } from '../harness/shop.js';

describe('The edge', () => {
  let shop: Shop;
  let api: Api;

  before(async () => {
    shop = await Shop.start({
      env: {
        THROTTLE_ENABLED: 'true',
        THROTTLE_RATE: '0.01',
        THROTTLE_BURST: '40',
        THROTTLE_ADMIN_BURST: '60',
        THROTTLE_ROUTES: 'POST /api/auth/login=0.01/5',
        THROTTLE_COSTS: 'GET /api/products?q=10',
        CORS_ORIGINS: 'https://shop.example',
        THROTTLE_PAGES_RATE: '0.01',
        THROTTLE_PAGES_BURST: '30',
        TRUST_PROXY: '2',
      },
    });
    api = new Api(shop);
  });

  after(() => shop.close());

  let nextClient = 0;
  /** Each test is a separate client, so that the rate limit of one does not affect another. */
  const client = () => ({ 'x-forwarded-for': `203.0.113.${(nextClient += 1)}` });

  it('returns errors as problem+json with a code and a trace id, and gives each request an id', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { status, headers, body } = await api.call('GET', '/api/nothing-here', {
      headers: { ...client(), traceparent, 'x-request-id': 'my-request-7' },
    });
    assert.equal(status, 404);
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal(headers.get('x-request-id'), 'my-request-7');
    const { traceId, ...problem } = body;
    assert.deepEqual(problem, {
      type: '/errors#not_found',
      title: 'Not found',
      status: 404,
      detail: 'Not found. Nothing is served at this method and path; the API documentation lists every route',
      code: 'not_found',
    });
    assert.match(traceId, /^[0-9a-f]{32}$/);
    assert.notEqual(traceId, '0af7651916cd43dd8448eb211c80319c', 'a client chooses no trace of ours');
  });

  it('serves the page that the type of an error leads to', async () => {
    const { body } = await api.call('GET', '/api/nothing-here', { headers: client() });
    const page = new URL(body.type, shop.url);
    const response = await fetch(page, { headers: { ...client(), accept: 'text/html' } });
    assert.match(await response.text(), new RegExp(`<section id="${page.hash.slice(1)}">`));
    const data = (await api.call('GET', page.pathname, { headers: client() })).body;
    assert.ok(data.errors.some(({ code }: { code: string }) => code === body.code));
  });

  it('replaces a request id that could do harm', async () => {
    const { headers } = await api.call('GET', '/health/live', { headers: { 'x-request-id': 'a b<script>' } });
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });

  it('rejects bodies that are malformed, too large, or of another media type', async () => {
    const post = async (body: string, contentType: string) => {
      const headers = { ...client(), 'content-type': contentType };
      const answer = await api.call('POST', '/api/auth/login', { body, headers });
      return `${answer.status} ${answer.body.code}`;
    };
    assert.equal(await post('{"email": ', 'application/json'), '400 malformed_request');
    assert.equal(await post('{"__proto__": {"admin": true}}', 'application/json'), '400 malformed_request');
    assert.equal(
      await post(JSON.stringify({ email: 'x'.repeat(300_000) }), 'application/json'),
      '413 payload_too_large',
    );
    const large = { body: { email: 'x'.repeat(300_000) }, headers: client() };
    const { detail } = (await api.call('POST', '/api/auth/login', large)).body;
    assert.equal(detail, 'The body may have 262144 bytes');
    assert.equal(await post('email=a', 'application/x-www-form-urlencoded'), '415 unsupported_media_type');
    assert.equal(await post('<a/>', 'text/plain'), '415 unsupported_media_type');
    assert.equal(await post('<a/>', 'application/xml'), '415 unsupported_media_type');
  });

  it('rejects headers that are too large', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        `${shop.url}/health/live`,
        { headers: { 'x-large': 'x'.repeat(20_000) } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject).end();
    });
    assert.equal(status, 431);
  });

  it('sends security headers, and says nothing of its make', async () => {
    const { headers } = await api.call('GET', '/api/products', { headers: client() });
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'self'/);
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('server'), null);
  });

  it('lets pages of the origins that are set call it, and no others', async () => {
    const allowOriginFor = async (origin: string) => {
      const { headers } = await api.call('GET', '/api/products', { headers: { ...client(), origin } });
      return headers.get('access-control-allow-origin');
    };
    assert.equal(await allowOriginFor('https://shop.example'), 'https://shop.example');
    assert.equal(await allowOriginFor('https://evil.example'), null);
    assert.equal(await allowOriginFor('null'), null);
  });

  it('limits a client by a token bucket and says when to come back', async () => {
    const headers = client();
    const first = await api.call('GET', '/api/products', { headers });
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('ratelimit-limit'), '40');
    assert.equal(first.headers.get('ratelimit-remaining'), '39');
    for (let used = 1; used < 40; used += 1) await api.call('GET', '/api/products', { headers });
    const refused = await api.call('GET', '/api/products', { headers });
    assert.equal(refused.status, 429);
    assert.equal(refused.body.code, 'too_many_requests');
    assert.equal(refused.body.title, 'too many requests');
    assert.equal(refused.headers.get('ratelimit-remaining'), '0');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal(
      (await api.call('GET', '/api/products', { headers: client() })).status,
      200,
      'another client may go on',
    );
    assert.equal((await api.call('GET', '/health', { headers })).status, 200, 'health is not limited');
  });

  it('limits a route by itself where that is set, however its path is written', async () => {
    const headers = client();
    const login = (path: string) =>
      api.call('POST', path, { headers, body: { email: 'a@b.example', password: 'no' } });
    const statuses: number[] = [];
    for (const path of ['/api/auth/login', '/api/auth/%6Cogin', '/api/auth/login?again']) {
      for (let tries = 0; tries < 2; tries += 1) statuses.push((await login(path)).status);
    }
    assert.deepEqual(statuses.slice(-1), [429]);
    assert.ok(!statuses.slice(0, 5).includes(429), statuses.join());
    const refused = await login('/api/auth/login');
    assert.equal(refused.headers.get('ratelimit-limit'), '5');
    assert.equal((await login('/api/auth/pages/shop/login')).status, 429, 'nor by the route of a page');
    const retryAfter = Number(refused.headers.get('retry-after'));
    assert.ok(retryAfter > 50 && retryAfter <= 100, `a place is free after ${retryAfter} s`);
    const other = await api.call('GET', '/api/products', { headers });
    assert.deepEqual(
      [other.status, other.headers.get('ratelimit-remaining')],
      [200, '34'],
      'the rest goes on',
    );
  });

  it('counts what costs more as several requests', async () => {
    const headers = client();
    const search = () => api.call('GET', '/api/products?q=tea', { headers });
    for (const remaining of ['30', '20', '10', '0'])
      assert.equal((await search()).headers.get('ratelimit-remaining'), remaining);
    assert.equal((await search()).status, 429);
  });

  it('gives admins a limit of their own', async () => {
    const { status, headers } = await api.get('/api/products', await api.admin());
    assert.deepEqual(
      [status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')],
      [200, '60', '59'],
    );
  });

  it('counts what becomes of requests at the limit', async () => {
    const { body } = await api.get('/metrics');
    for (const outcome of ['allowed', 'limited'])
      assert.match(body, new RegExp(`^throttle_requests_total\\{outcome="${outcome}"\\} [1-9]`, 'm'));
  });

  it('a bad token does not help around the limit', async () => {
    const headers = client();
    for (let used = 0; used < 40; used += 1) {
      const token = `bad-${used}`;
      assert.equal((await api.call('GET', '/api/orders', { headers, token })).status, 401);
    }
    assert.equal((await api.call('GET', '/api/orders', { headers, token: 'bad' })).status, 429);
  });

  it('believes as many proxies as it is told of, and nothing that a client writes before them', async () => {
    const { 'x-forwarded-for': own } = client();
    const ask = (invented: number) =>
      api.call('GET', '/api/products', {
        headers: { 'x-forwarded-for': `198.51.100.${invented}, ${own}, 10.0.0.1` },
      });
    for (let used = 0; used < 40; used += 1) assert.equal((await ask(used)).status, 200);
    assert.equal((await ask(41)).status, 429);
  });

  it('counts the requests of users against their address too', async () => {
    const headers = client();
    const users = [await api.customer(), await api.customer()];
    const ask = (token: string) => api.call('GET', '/api/products', { headers, token });
    for (const { token } of users)
      for (let used = 0; used < 20; used += 1) assert.equal((await ask(token)).status, 200);
    for (const { token } of users) assert.equal((await ask(token)).status, 429);
    assert.equal((await api.call('GET', '/api/products', { headers })).status, 429, 'nor without a token');
    const elsewhere = await api.call('GET', '/api/products', { headers: client(), token: users[0]?.token });
    assert.equal(elsewhere.status, 200, 'each has some left, from another address');
  });

  it('limits pages, documents and metrics by address, and never the probes of an orchestrator', async () => {
    const headers = client();
    const paths = [
      '/metrics',
      '/health',
      '/docs',
      '/docs-json',
      '/console',
      '/',
      '/not-there',
      '/api/not-there',
    ];
    const ask = async (path: string) => (await api.call('GET', path, { headers })).status;
    for (let used = 0; used < 30; used += 1) assert.notEqual(await ask('/not-there'), 429);
    for (const path of paths) assert.equal(await ask(path), 429, path);
    for (const probe of ['live', 'ready', 'startup']) assert.equal(await ask(`/health/${probe}`), 200, probe);
    assert.equal(await ask('/api/products'), 200, 'the API has a bucket of its own');
  });

  it('leads from its root to its pages, as a page for browsers and as JSON for others', async () => {
    const { body } = await api.get('/');
    const paths = body.links.map(({ path }: { path: string }) => path);
    assert.deepEqual(paths.toSorted(), ['/account', '/console', '/demo', '/docs', '/health', '/shop']);
    const page = await api.call('GET', '/', { headers: { accept: 'text/html,*/*;q=0.8' } });
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    for (const path of paths) {
      assert.match(page.body, new RegExp(`href="${path}"`));
      assert.equal((await api.get(path)).status, 200, path);
    }
    assert.equal((await api.get('/favicon.ico')).headers.get('content-type'), 'image/svg+xml');
  });

  it('is healthy, alive and ready, and names what it depends on', async () => {
    const health = await api.get('/health');
    assert.equal(health.status, 200);
    assert.equal(health.body.status, 'healthy');
    assert.equal(health.body.database, 'up');
    assert.equal((await api.get('/health/live')).status, 200);
    assert.equal((await api.get('/health/ready')).status, 200);
  });

  it('counts requests by method, route template and status', async () => {
    await api.call('GET', '/api/products/0197d3b5-7f00-7000-8000-000000000000', { headers: client() });
    const { body } = await api.get('/metrics');
    assert.match(
      body,
      /http_requests_total\{method="GET",endpoint="\/api\/products\/:id",status="404"\} [1-9]/,
    );
    assert.match(
      body,
      /http_request_duration_seconds_count\{method="GET",endpoint="\/api\/products\/:id"\} [1-9]/,
    );
    assert.doesNotMatch(body, /0197d3b5/, 'ids do not become labels');
  });

  it('shows its documentation', async () => {
    const page = await api.call('GET', '/docs', { headers: client() });
    assert.equal(page.status, 200);
    assert.match(page.body, /swagger-ui/);
  });
});
