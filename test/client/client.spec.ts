import {
  ApiProblem,
  hasCode,
  inMemory,
  placeOrder,
  ShopClient,
  type ShopClientOptions,
  ApiUnreachable,
} from '@fissile/client';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const order = {
  items: [{ productId: '0190c5a0-0000-7000-8000-000000000001', quantity: 1 }],
  payment: { method: 'pm_card_ok' },
};

type Answer = (request: Request) => Response | Promise<Response>;

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers });
const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json({ type: 'about:blank', title: code, status, detail: `because of ${code}`, code }, status, headers);
const path = ({ url }: Request): string => new URL(url).pathname + new URL(url).search;

/** A client of a fake shop with these responses, and the requests that the shop received. */
function clientOf(answer: Answer, options: Partial<ShopClientOptions> = {}) {
  const requests: Request[] = [];
  const client = new ShopClient({
    url: 'http://shop.example',
    retryPolicy: { tries: 3, triesAfterLoss: 2, longestPauseMs: 1 },
    fetch: async (request) => {
      requests.push(request.clone());
      return answer(request);
    },
    ...options,
  });
  return { client, requests, paths: () => requests.map(path) };
}

describe('The client', () => {
  it('reports a refusal by its code, with the invalid fields', async () => {
    const errors = [{ path: 'items', message: 'expected at least one' }];
    const body = {
      type: 'about:blank',
      title: 't',
      status: 400,
      detail: 'd',
      code: 'validation_failed',
      errors,
    };
    const { client } = clientOf(() => json({ ...body, traceId: 'trace-1' }, 400));
    const error = await client.post('/api/orders', { body: order }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ApiProblem && hasCode(error, 'validation_failed'));
    assert.equal(error.status, 400);
    assert.equal(error.traceId, 'trace-1');
    assert.match(
      error.message,
      /POST \/api\/orders was answered 400 validation_failed: items: expected at least one/,
    );
  });

  it('reports a refusal that is not of the shop', async () => {
    const { client } = clientOf(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await assert.rejects(client.get('/api/products'), /502 unknown: <h1>Bad gateway/);
  });

  it('renews an access token once, however many requests find it refused, and sends them again', async () => {
    const tokens = inMemory({ accessToken: 'old', refreshToken: 'refresh-1' });
    const { client, paths } = clientOf(
      (request) => {
        if (path(request) === '/api/auth/refresh')
          return json({ accessToken: 'new', refreshToken: 'refresh-2' });
        return request.headers.get('authorization') === 'Bearer new'
          ? json({ id: 'ada' })
          : problem(401, 'unauthenticated');
      },
      { tokens },
    );
    const answers = await Promise.all([1, 2, 3].map(() => client.get('/api/users/me')));
    assert.deepEqual(answers, [{ id: 'ada' }, { id: 'ada' }, { id: 'ada' }]);
    assert.equal(paths().filter((each) => each === '/api/auth/refresh').length, 1);
    assert.equal(tokens.read()?.refreshToken, 'refresh-2');
  });

  it('gives up a session that is over, and signs in again only where it knows how', async () => {
    const over: Answer = (request) =>
      path(request) === '/api/auth/login'
        ? json({ accessToken: 'fresh', refreshToken: 'r' })
        : request.headers.get('authorization') === 'Bearer fresh'
          ? json({ id: 'ada' })
          : problem(401, 'unauthenticated');
    const stale = { accessToken: 'old', refreshToken: 'used' };
    const visitor = clientOf(over, { tokens: inMemory(stale) });
    await assert.rejects(visitor.client.get('/api/users/me'), { code: 'unauthenticated' });
    assert.equal(visitor.client.session.isSignedIn, false);
    const credentials = { email: 'ada@example.com', password: 'a-long-password' };
    const known = clientOf(over, { tokens: inMemory(stale), credentials });
    assert.deepEqual(await known.client.get('/api/users/me'), { id: 'ada' });
  });

  it('retries after the time that the shop gives', async () => {
    const waits: number[] = [];
    const answers = [
      problem(429, 'too_many_requests', { 'retry-after': '2' }),
      json({ items: [], nextCursor: null }),
    ];
    const { client, requests } = clientOf(() => answers.shift() as Response, {
      observer: { waits: (milliseconds) => waits.push(milliseconds) },
    });
    assert.deepEqual(await client.get('/api/products'), { items: [], nextCursor: null });
    assert.equal(requests.length, 2);
    assert.deepEqual(waits, [1], 'as long as the shop says, or as its policy allows');
  });

  it('sends an order again under the same key when the answer is lost, and a request without a key never', async () => {
    let losses = 1;
    const lossy: Answer = () => {
      if (losses-- > 0) throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      return json({ id: 'order-1' }, 201);
    };
    const { client, requests } = clientOf(lossy);
    assert.deepEqual(await placeOrder(client, order), { id: 'order-1' });
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'));
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    assert.deepEqual(await requests[1]?.json(), order);
    losses = 1;
    await assert.rejects(client.post('/api/orders', { body: order }), ApiUnreachable);
  });

  it('gives all items of a list, asking for a page when it is needed', async () => {
    const { client, paths } = clientOf((request) =>
      path(request).includes('cursor=')
        ? json({ items: [{ id: '3' }], nextCursor: null })
        : json({ items: [{ id: '1' }, { id: '2' }], nextCursor: 'after 2' }),
    );
    const products = client.list('/api/products', { q: 'tea' });
    assert.deepEqual((await products.next()).value, { id: '1' });
    assert.equal(paths().length, 1);
    assert.deepEqual(
      (await Array.fromAsync(products)).map(({ id }) => id),
      ['2', '3'],
    );
    assert.deepEqual(paths(), [
      '/api/products?q=tea&limit=100',
      '/api/products?q=tea&limit=100&cursor=after%202',
    ]);
  });
});
