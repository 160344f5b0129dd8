import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Json } from '../harness/api.js';
import {
  bodyFor,
  type DocumentedRoute,
  filled,
  OF_SIGNED_BODIES,
  routesOf,
  schemaOf,
} from './documented-routes.js';
import { INTERNAL_SECRET, KEY_SECRET, type ProbedShop } from './probed-shop.js';

/** Fields that a client would like to set for itself. */
const WISHES: Readonly<Record<string, unknown>> = {
  id: '0197d3b5-7f00-7000-8000-000000000000',
  userId: '0197d3b5-7f00-7000-8000-000000000000',
  role: 'admin',
  roles: ['admin'],
  isAdmin: true,
  admin: 1,
  status: 'paid',
  emailVerified: true,
  total: { amountMinor: 1, currency: 'USD' },
  unitPrice: 1,
  discount: 100,
  paymentId: 'free',
  paid: true,
  createdAt: '2000-01-01T00:00:00.000Z',
  version: 7,
  reserved: 0,
  available: 9,
  passwordHash: 'x',
  $where: '1',
  'a.b': 1,
  toString: 1,
  hasOwnProperty: 1,
};

/** Without it, routes for pages do not look at a body. */
const AS_A_PAGE = { 'x-requested-with': 'fetch' };

export function probeProperties(shop: () => ProbedShop): void {
  const writing = () =>
    routesOf(shop().document).filter(
      ({ name, operation }) => operation.requestBody && !OF_SIGNED_BODIES.has(name),
    );
  const schemaOfBody = ({ operation }: DocumentedRoute): Json =>
    schemaOf(shop().document, operation.requestBody.content['application/json'].schema);
  const send = ({ method, path }: DocumentedRoute, body: unknown) =>
    shop().send({ method, path: filled(path, shop()), token: shop().admin, headers: AS_A_PAGE, body });
  const faultsOf = async (route: DocumentedRoute, body: Json): Promise<string[]> => {
    const { status, body: answer } = await send(route, body);
    assert.deepEqual(
      [status, answer.code],
      [400, 'validation_failed'],
      `${route.name} ${JSON.stringify(body)}`,
    );
    return answer.errors.map(({ path }: Json) => path).sort();
  };

  it('every route that takes a body refuses the fields it does not document, by name', async () => {
    for (const route of writing()) {
      const own = Object.keys(schemaOfBody(route).properties);
      const wishes = Object.entries(WISHES).filter(([name]) => !own.includes(name));
      const faults = await faultsOf(route, { ...bodyFor(route, shop()), ...Object.fromEntries(wishes) });
      assert.deepEqual(faults, wishes.map(([name]) => name).sort(), route.name);
    }
  });

  it('and those deeper inside', async () => {
    const order = writing().find(({ name }) => name === 'POST /api/orders') as DocumentedRoute;
    const good = bodyFor(order, shop());
    const items = [{ ...good.items[0], unitPrice: 1, lineTotal: 1, discount: 100 }];
    assert.deepEqual(
      await faultsOf(order, { ...good, items, payment: { ...good.payment, amount: 1, status: 'paid' } }),
      ['items[0].discount', 'items[0].lineTotal', 'items[0].unitPrice', 'payment.amount', 'payment.status'],
    );
    const product = writing().find(({ name }) => name === 'PATCH /api/products/{id}') as DocumentedRoute;
    const price = { amountMinor: 1, currency: 'USD', discount: 1 };
    assert.deepEqual(await faultsOf(product, { price }), ['price.discount']);
  });

  it('no body reaches a prototype', async () => {
    for (const route of writing()) {
      const good = JSON.stringify(bodyFor(route, shop())).slice(0, -1);
      for (const extra of ['"__proto__":{"isAdmin":true}', '"constructor":{"prototype":{"isAdmin":true}}']) {
        const { status, body } = await send(route, `${good},${extra}}`);
        assert.deepEqual([status, body.code], [400, 'malformed_request'], `${route.name} ${extra}`);
      }
    }
  });

  it('a customer cannot change its own role or status', async () => {
    const { bob, api } = shop();
    for (const path of ['/api/users/me', `/api/users/${bob.id}`])
      for (const change of [{ roles: ['admin'] }, { status: 'active' }, { email: 'admin@shop.example' }]) {
        const { status } = await api.call('PATCH', path, { body: change, token: bob.token });
        assert.ok(status === 400 || status === 403, `${path}: ${status}`);
      }
    assert.deepEqual((await api.get('/api/users/me', bob.token)).body.roles, ['customer']);
  });

  it('no answer has a field that the document does not name', async () => {
    // These answer nobody who asks for nothing.
    const needed: Readonly<Record<string, string>> = {
      '/api/admin/find': '?q=nothing',
      '/api/inventory/availability': `?productIds=${shop().productId}`,
    };
    for (const route of routesOf(shop().document).filter(({ method }) => method === 'GET')) {
      const path = filled(route.path, shop()) + (needed[route.path] ?? '');
      const { body } = await shop().send({ path, token: shop().admin });
      const schema = route.operation.responses[200].content?.['application/json']?.schema;
      if (schema && body) assert.deepEqual(unnamed(shop().document, schema, body), [], route.name);
    }
  });

  it('no response reveals a hash, a key, a token or a secret', async () => {
    const { admin, alice } = shop();
    for (const { method, path, name } of routesOf(shop().document)) {
      if (method !== 'GET') continue;
      for (const token of [admin, alice.token]) {
        const { text } = await shop().send({ path: filled(path, shop()), token });
        assert.doesNotMatch(
          text,
          /\$argon2|"d":|BEGIN \w+ KEY|passwordHash|password_hash|eyJ[\w-]+\.|sk_test_/,
          name,
        );
        for (const secret of [INTERNAL_SECRET, KEY_SECRET, alice.password])
          assert.ok(!text.includes(secret), name);
      }
    }
  });

  it('a query cannot ask for more than the document says', async () => {
    for (const { method, path, operation, name } of routesOf(shop().document)) {
      if (method !== 'GET' || !operation.parameters?.some((parameter: Json) => parameter.in === 'query'))
        continue;
      for (const query of [
        'fields=passwordHash',
        'include=user',
        'expand=all',
        'select[]=*',
        '__proto__[a]=b',
        'debug=1',
      ]) {
        const { status } = await shop().send({
          path: `${filled(path, shop())}?${query}`,
          token: shop().admin,
        });
        assert.equal(status, 400, `${name}?${query}`);
      }
    }
  });
}

/** The paths of fields in a response that its schema does not declare. */
function unnamed(document: Json, reference: Json, value: Json, path = ''): string[] {
  const schema = schemaOf(document, reference);
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value))
    return value.flatMap((item) => unnamed(document, schema.items ?? {}, item, `${path}[]`));
  const choices = [schema, ...(schema.anyOf ?? []), ...(schema.allOf ?? []), ...(schema.oneOf ?? [])];
  const properties: Json = Object.assign({}, ...choices.map((each) => schemaOf(document, each)?.properties));
  if (Object.keys(properties).length === 0 || schema.additionalProperties) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    Object.hasOwn(properties, name)
      ? unnamed(document, properties[name], field, `${path}.${name}`)
      : [`${path}.${name}`],
  );
}
