import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Json } from '../harness/api.js';
import { filled, routesOf } from './documented-routes.js';
import { spellingsOf } from './route-spellings.js';
import { CARD, LIMIT_OF_ROUTE, LIMITED_ROUTE, type ProbedShop } from './probed-shop.js';

const UUID = '0197d3b5-7f00-7000-8000-000000000000';

export function probeConsumption(shop: () => ProbedShop): void {
  let slow: Promise<string>[];

  before(() => {
    // Started first, so that they have timed out when they are checked.
    slow = [
      'GET /health/live HTTP/1.1\r\nHost: shop\r\nX-Slow: ',
      'POST /api/auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
      'POST /api/orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{',
    ].map((bytes) => shop().raw(bytes, () => false));
  });

  const post = (path: string, body: unknown, token?: string, headers?: Record<string, string>) =>
    shop().send({ method: 'POST', path, body, token, ...(headers && { headers }) });
  const answer = ({ status, body }: { status: number; body: Json }) => `${status} ${body?.code}`;

  it('a body has a limit, whether it says its length or not', async () => {
    const { alice } = shop();
    const huge = JSON.stringify({ name: 'x'.repeat(300_000) });
    for (const [method, path] of [
      ['POST', '/api/auth/login'],
      ['POST', '/api/orders'],
      ['PATCH', '/api/users/me'],
    ] as const) {
      const { status } = await shop().send({ method, path, body: huge, token: alice.token });
      assert.equal(status, 413, path);
      const chunked =
        `${method} ${path} HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ${alice.token}\r\n` +
        'Content-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
        `${huge.length.toString(16)}\r\n${huge}\r\n0\r\n\r\n`;
      assert.match(await shop().raw(chunked), /^HTTP\/1\.1 413 /, `${path}, chunked`);
    }
  });

  it('a compressed body is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    const answered = await post('/api/auth/login', bomb, undefined, { 'content-encoding': 'gzip' });
    assert.equal(answer(answered), '415 unsupported_media_type');
  });

  it('a body may be deep or have many faults, and the answer stays small', async () => {
    const { alice } = shop();
    const deep = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`;
    assert.equal(answer(await post('/api/orders', deep, alice.token)), '400 validation_failed');
    assert.equal(
      answer(await post('/api/orders', '['.repeat(100_000), alice.token)),
      '400 malformed_request',
    );
    const many = { ...Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`f${index}`, 1])) };
    const faults = await post('/api/orders', many, alice.token);
    assert.equal(faults.status, 400);
    assert.ok(faults.text.length < 20_000, `${faults.text.length} characters`);
  });

  it('an order has a limit of lines and units, a key of characters', async () => {
    const { alice, productId } = shop();
    const order = (items: unknown, key = 'k') =>
      post('/api/orders', { items, payment: { method: CARD } }, alice.token, { 'idempotency-key': key });
    const line = { productId, quantity: 1 };
    for (const items of [Array(101).fill({ productId: UUID, quantity: 1 }), [{ ...line, quantity: 1e9 }]])
      assert.equal(answer(await order(items)), '400 validation_failed');
    assert.equal((await order(Array(5_000).fill(line))).status, 413);
    assert.equal(answer(await order([line], 'k'.repeat(256))), '400 validation_failed');
  });

  it('every list has a largest page', async () => {
    const { document, admin } = shop();
    const lists = routesOf(document).filter(({ operation }) =>
      operation.parameters?.some(({ name }: Json) => name === 'limit'),
    );
    assert.ok(lists.length >= 8);
    for (const { path, name } of lists) {
      const ask = (query: string) => shop().send({ path: `${filled(path, shop())}?${query}`, token: admin });
      assert.equal((await ask('limit=100')).status, 200, name);
      for (const limit of [
        '101',
        '1000000',
        '0',
        '-1',
        '1e3',
        '9'.repeat(30),
        'Infinity',
        '0x10',
        '',
        '1&limit=2',
      ])
        assert.equal((await ask(`limit=${limit}`)).status, 400, `${name} limit=${limit}`);
      for (const query of [`cursor=${'A'.repeat(201)}`, 'cursor=!!', 'offset=99999999'])
        assert.equal((await ask(query)).status, 400, `${name} ${query}`);
    }
  });

  it('a search is text, of limited length, and no pattern', async () => {
    const search = (q: string) => shop().send({ path: `/api/products?q=${encodeURIComponent(q)}` });
    assert.equal((await search('x'.repeat(1_000))).status, 400);
    for (const bomb of ['(a+)+$', '%'.repeat(50), '_'.repeat(50), '\\', '%_%_%\\']) {
      const { status, body } = await search(bomb);
      assert.deepEqual([status, body.items], [200, []], bomb);
    }
  });

  it('an address and headers have a limit', async () => {
    assert.equal((await shop().send({ path: `/api/products?q=${'x'.repeat(20_000)}` })).status, 431);
    const many = Object.fromEntries(Array.from({ length: 1_900 }, (_, index) => [`x-${index}`, '1']));
    assert.equal((await shop().send({ path: '/api/products', headers: many })).status, 431);
    const deep = `/api/orders/${'a/'.repeat(5_000)}`;
    assert.equal((await shop().send({ path: deep })).status, 404);
  });

  it('a bucket that is empty stays empty, whatever the client writes differently', async () => {
    const { status } = await shop().send({ path: LIMITED_ROUTE, from: '127.0.0.8' });
    assert.equal(status, 200);
    const take = (path: string, headers = {}) => shop().send({ path, headers, from: '127.0.0.8' });
    for (let taken = 1; taken < LIMIT_OF_ROUTE; taken += 1)
      assert.equal((await take(LIMITED_ROUTE)).status, 200, `${taken}`);
    for (const [path, headers] of [
      ...spellingsOf(LIMITED_ROUTE).map((path) => [path]),
      ...['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip'].map((name) => [
        LIMITED_ROUTE,
        { [name]: name === 'forwarded' ? 'for=203.0.113.9' : '203.0.113.9' },
      ]),
      ...['Bearer a.b.c', 'Basic x'].map((authorization) => [LIMITED_ROUTE, { authorization }]),
    ] as [string, object?][]) {
      const refused = await take(path, headers);
      assert.equal(answer(refused), '429 too_many_requests', JSON.stringify([path, headers]));
      assert.ok(Number(refused.headers['retry-after']) > 0);
    }
    const head = await shop().send({ method: 'HEAD', path: LIMITED_ROUTE, from: '127.0.0.8' });
    assert.equal(head.status, 429, 'HEAD');
    assert.equal((await shop().send({ path: LIMITED_ROUTE })).status, 200, 'others go on');
  });

  it('many requests at once are answered, or rejected with Retry-After, and nothing is left hanging', async () => {
    const { alice, api } = shop();
    const responses = Array.from({ length: 200 }, () =>
      shop().send({ path: '/api/orders', token: alice.token }),
    );
    for (const { status, headers } of await Promise.all(responses))
      assert.ok(status === 200 || (status === 503 && Number(headers['retry-after']) > 0), String(status));
    assert.equal((await api.get('/health/ready')).status, 200);
  });

  it('a client that sends too slowly is cut off', async () => {
    for (const text of await Promise.all(slow)) assert.match(text, /^HTTP\/1\.1 408 |^$/);
  });
}
