import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Api, type Customer } from '../harness/api.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';

describe('Catalogue, stock and payments', () => {
  let shop: SharedShop;
  let api: Api;
  let admin: string;
  let customer: Customer;

  before(async () => {
    shop = await sharedShop();
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
  });

  after(() => shop.close());

  const newProduct = (change: object = {}) => {
    const product = {
      sku: `S-${randomUUID()}`,
      name: 'Tea 100%',
      price: { amountMinor: 500, currency: 'USD' },
    };
    return api.post('/api/products', { ...product, ...change }, admin);
  };

  it('a product is added, found, changed and discontinued', async () => {
    const category = `Tea ${randomUUID()}`;
    const added = await newProduct({ category, description: 'Green' });
    assert.equal(added.status, 201);
    const path = `/api/products/${added.body.id}`;
    assert.equal(added.headers.get('location'), path);
    assert.deepEqual((await api.get(path)).body, added.body);
    const search = async (query: string) => {
      const { body } = await api.get(`/api/products?category=${encodeURIComponent(category)}${query}`);
      return body.items.map((item: { id: string }) => item.id);
    };
    assert.deepEqual(await search('&q=tEA'), [added.body.id]);
    assert.deepEqual(await search(`&q=${encodeURIComponent('100%')}`), [added.body.id]);
    assert.deepEqual(await search(`&q=${encodeURIComponent('1%0')}`), [], 'signs of LIKE are plain text');
    const changed = await api.call('PATCH', path, {
      body: { price: { amountMinor: 450, currency: 'USD' } },
      token: admin,
    });
    assert.equal(changed.body.price.amountMinor, 450);
    assert.equal(changed.body.description, 'Green');
    assert.equal((await api.call('DELETE', path, { token: admin })).status, 204);
    assert.equal((await api.get(path)).body.status, 'discontinued');
    assert.deepEqual(await search(''), []);
    assert.deepEqual(await search('&status=all'), [added.body.id]);
  });

  it('a sku belongs to one product', async () => {
    const { body } = await newProduct();
    const again = await newProduct({ sku: body.sku });
    assert.equal(`${again.status} ${again.body.code}`, '409 sku_taken');
  });

  it('of two changes that saw the same version one wins', async () => {
    const { body, headers } = await newProduct();
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    const answers = await Promise.all(
      ['One', 'Two'].map((name) =>
        api.call('PATCH', `/api/products/${body.id}`, { body: { name }, token: admin, headers: ifMatch }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412]);
  });

  it('rejects what is no product', async () => {
    const badFields: [object, string][] = [
      [{ sku: 'a b' }, 'sku'],
      [{ name: '' }, 'name'],
      [{ name: 'a\u0000' }, 'name'],
      [{ price: { amountMinor: -1, currency: 'USD' } }, 'price.amountMinor'],
      [{ price: { amountMinor: 1.5, currency: 'USD' } }, 'price.amountMinor'],
      [{ price: { amountMinor: 1, currency: 'usd' } }, 'price.currency'],
      [{ status: 'active' }, 'status'],
    ];
    for (const [change, path] of badFields) {
      const { status, body } = await newProduct(change);
      assert.equal(status, 400);
      assert.equal(body.errors[0].path, path);
    }
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=nonsense', 'offset=1', 'q=%00']) {
      assert.equal((await api.get(`/api/products?${query}`)).status, 400, query);
    }
  });

  it('stock can neither fall below what is reserved nor be set for what is not sold', async () => {
    const productId = await api.product(admin, { stock: 5 });
    await api.placeOrder(customer.token, [{ productId, quantity: 3 }]);
    const set = (onHand: number) =>
      api.call('PUT', `/api/inventory/${productId}`, { body: { onHand }, token: admin });
    const adjust = (delta: number) =>
      api.post(`/api/inventory/${productId}/adjustments`, { delta, reason: 'count' }, admin);
    assert.equal((await set(2)).body.code, 'stock_below_reserved');
    assert.equal((await adjust(-3)).body.code, 'stock_below_reserved');
    assert.equal((await adjust(1_000_000_000)).body.code, 'stock_limit_exceeded');
    const adjusted = await adjust(-2);
    assert.equal(adjusted.status, 201);
    assert.deepEqual(adjusted.body.stock, { productId, onHand: 3, reserved: 3, available: 0 });
    const unknown = await api.call('PUT', `/api/inventory/${randomUUID()}`, {
      body: { onHand: 1 },
      token: admin,
    });
    assert.equal(`${unknown.status} ${unknown.body.code}`, '404 product_not_found');
  });

  it('anybody may ask how many units of products can be ordered', async () => {
    const [some, none] = [await api.product(admin, { stock: 5 }), await api.product(admin, { stock: 0 })];
    await api.placeOrder(customer.token, [{ productId: some, quantity: 3 }]);
    const unknown = randomUUID();
    const ask = (ids: string) => api.get(`/api/inventory/availability?productIds=${ids}`);
    assert.deepEqual((await ask([none, unknown, some].join())).body, {
      items: [
        { productId: none, available: 0 },
        { productId: unknown, available: 0 },
        { productId: some, available: 2 },
      ],
    });
    const { status, body } = await ask(`${some},nonsense`);
    assert.deepEqual([status, body.errors[0].path], [400, 'productIds[1]']);
    assert.equal((await ask(Array(101).fill(some).join())).status, 400);
    assert.equal((await api.get('/api/inventory/availability')).status, 400);
  });

  it('refunds in parts never give back more than was paid, and a key is refunded once', async () => {
    const productId = await api.product(admin, { stock: 1, priceMinor: 1_000 });
    const { body: order } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const refund = (amountMinor: number, key?: string) =>
      api.post(
        `/api/payments/${order.paymentId}/refunds`,
        { amountMinor },
        admin,
        key ? { 'idempotency-key': key } : undefined,
      );
    const [first, again] = [await refund(300, 'k'), await refund(300, 'k')];
    assert.equal(first.status, 201);
    assert.deepEqual(again.body, first.body);
    assert.equal((await refund(301, 'k')).body.code, 'idempotency_key_reused');
    const parallel = await Promise.all([1, 2, 3, 4].map(() => refund(200)));
    assert.equal(parallel.filter(({ status }) => status === 201).length, 3);
    assert.equal(parallel.find(({ status }) => status !== 201)?.body.code, 'refund_exceeds_payment');
    const rest = await api.post(`/api/payments/${order.paymentId}/refunds`, {}, admin);
    assert.equal(rest.body.amount.amountMinor, 100);
    const payment = await api.get(`/api/payments/${order.paymentId}`, customer.token);
    assert.equal(payment.body.status, 'refunded');
    assert.equal(payment.body.refunds.length, 5);
  });

  it('orders and payments are found by id, order, status, amount and time, from either end', async () => {
    const buyer = await api.customer();
    const orders: { id: string; paymentId: string }[] = [];
    for (const priceMinor of [1_100, 1_200, 1_300]) {
      const productId = await api.product(admin, { stock: 1, priceMinor });
      orders.push((await api.placeOrder(buyer.token, [{ productId, quantity: 1 }])).body);
    }
    const [first, second, third] = orders.map(({ paymentId }) => paymentId);
    await api.post(`/api/payments/${second}/refunds`, { reason: 'a dent' }, admin);
    const find = async (query: string, token = buyer.token) => {
      const { status, body } = await api.get(`/api/payments?${query}`, token);
      assert.equal(status, 200, JSON.stringify(body));
      return body.items.map(({ id }: { id: string }) => id);
    };
    assert.deepEqual(await find('sort=oldest'), [first, second, third]);
    assert.deepEqual(await find(`id=${first}`), [first]);
    assert.deepEqual(await find(`id=${orders[2]?.id}`), [third]);
    assert.deepEqual(await find('status=refunded'), [second]);
    assert.deepEqual(await find('currency=USD&minAmountMinor=1200'), [third, second]);
    assert.deepEqual(await find('currency=USD&minAmountMinor=1100&maxAmountMinor=1200'), [second, first]);
    assert.deepEqual(await find('currency=EUR'), []);
    assert.deepEqual(await find('to=2020-01-01T00:00:00Z'), []);
    assert.deepEqual(await find('from=2020-01-01T00:00:00Z'), [third, second, first]);
    const page = (await api.get('/api/payments?sort=oldest&limit=2', buyer.token)).body;
    assert.deepEqual(await find(`sort=oldest&cursor=${page.nextCursor}`), [third]);
    assert.deepEqual(await find(`id=${first}`, customer.token), [], 'of another');
    const orderIds = async (query: string) =>
      (await api.get(`/api/orders?${query}`, buyer.token)).body.items.map(({ id }: { id: string }) => id);
    assert.deepEqual(await orderIds('currency=USD&minAmountMinor=1200&sort=oldest'), [
      orders[1]?.id,
      orders[2]?.id,
    ]);
    assert.deepEqual(await orderIds(`id=${orders[0]?.id}`), [orders[0]?.id]);
    assert.deepEqual(await orderIds('to=2020-01-01T00:00:00Z'), []);
    assert.deepEqual(await find(`id=${first}`, admin), [first]);
    const refusals = [
      ['minAmountMinor=1200', 'currency'],
      ['currency=USD&maxAmountMinor=12.5', 'maxAmountMinor'],
      ['from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z', 'to'],
    ] as const;
    for (const [query, path] of refusals) {
      const { status, body } = await api.get(`/api/payments?${query}`, admin);
      assert.deepEqual([status, body.errors?.[0].path], [400, path], query);
    }
  });

  it("the provider's reference and the reason of a refund are for admins alone", async () => {
    const productId = await api.product(admin, { stock: 1 });
    const { body: order } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const path = `/api/payments/${order.paymentId}`;
    await api.post(`${path}/refunds`, { reason: 'kindness' }, admin);
    const shownTo = async (token: string) => {
      const { reference, refunds } = (await api.get(path, token)).body;
      return [typeof reference, refunds[0].reason];
    };
    assert.deepEqual(await shownTo(admin), ['string', 'kindness']);
    assert.deepEqual(await shownTo(customer.token), ['object', null]);
  });

  it("another user's payment is not there", async () => {
    const productId = await api.product(admin, { stock: 1 });
    const { body: order } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const stranger = await api.customer();
    assert.equal((await api.get(`/api/payments/${order.paymentId}`, stranger.token)).status, 404);
    assert.deepEqual((await api.get('/api/payments', stranger.token)).body.items, []);
  });
});
