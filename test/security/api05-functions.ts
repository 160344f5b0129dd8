import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { it } from 'node:test';
import { credentials, makeGenericClientConstructor, Metadata, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Operations } from '@fissile/kit/contract';
import { InternalTokens } from '@fissile/kit/rpc';
import { CONTEXTS } from '#contracts';
import { Users } from '#contracts/users';
import { callInternally } from '../harness/internal-call.js';
import {
  bodyFor,
  type DocumentedRoute,
  filled,
  OF_ANYONE,
  OF_CUSTOMERS,
  routesOf,
} from './documented-routes.js';
import { INTERNAL_SECRET, type ProbedShop } from './probed-shop.js';

/** Headers that make some servers use a path other than the requested one. */
const REWRITES: Readonly<Record<string, string>> = {
  'x-original-url': '/api/admin/sagas',
  'x-rewrite-url': '/api/admin/sagas',
};

/** Contracts that every context serves. */
const COMMON = ['events', 'operations', 'processes'];

/** The folders with the contracts of the shop and of the kit. */
const PROTOS = ['contracts', 'libs/contract/proto'];

export function probeFunctions(shop: () => ProbedShop): void {
  probeInsiders(shop);

  const ofAdmins = () =>
    routesOf(shop().document).filter(({ name }) => !OF_CUSTOMERS.has(name) && !OF_ANYONE.has(name));
  const call = (route: DocumentedRoute, token?: string, change: object = {}) =>
    shop().send({
      method: route.method,
      path: filled(route.path, shop()),
      token,
      body: bodyFor(route, shop()),
      ...change,
    });

  it('every route that is not for anyone or for customers refuses both', async () => {
    assert.ok(ofAdmins().length >= 20, 'there are some');
    for (const route of ofAdmins()) {
      const { status, body } = await call(route, shop().alice.token);
      assert.deepEqual([status, body.code], [403, 'forbidden'], route.name);
      assert.equal((await call(route)).status, 401, route.name);
    }
  });

  it('what is under /api/admin is for admins alone, and documented so', () => {
    for (const { name, path, operation } of routesOf(shop().document)) {
      const isAdmins = !OF_CUSTOMERS.has(name) && !OF_ANYONE.has(name);
      if (path.startsWith('/api/admin')) assert.ok(isAdmins, name);
      if (isAdmins)
        assert.ok(operation.responses[401] && operation.responses[403] && operation.security, name);
    }
  });

  it('another verb does not open them', async () => {
    const { alice } = shop();
    for (const route of ofAdmins()) {
      for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
        const { status } = await call(route, alice.token, {
          method: 'GET',
          body: undefined,
          headers: { [name]: 'POST' },
        });
        assert.ok(
          status === 403 ||
            OF_CUSTOMERS.has(`GET ${route.path}`) ||
            OF_ANYONE.has(`GET ${route.path}`) ||
            status === 404,
          route.name,
        );
      }
      const { status } = await call(route, alice.token, { method: 'HEAD', body: undefined });
      assert.ok(
        status === 403 ||
          status === 404 ||
          route.path.startsWith('/api/products') ||
          route.path.startsWith('/api/inventory/'),
        `HEAD ${route.path} ${status}`,
      );
    }
  });

  it('another spelling of their path does not open them', async () => {
    for (const path of [
      '/API/ADMIN/sagas',
      '//api/admin/sagas',
      '/api//admin/sagas',
      '/api/admin/sagas/',
      '/api/admin/sagas//',
      '/api/./admin/sagas',
      '/api/products/../admin/sagas',
      '/api/products/%2e%2e/admin/sagas',
      '/./api/admin/sagas',
      '/api/admin%2fsagas',
      '/api%2fadmin%2fsagas',
      '/api/admin/sagas;a=b',
      '/api/admin/sagas.json',
      '/api/admin/sagas%20',
      '/api/admin/sagas%00',
      '/api/%61dmin/sagas',
      '/api/admin/sagas/..;/sagas',
      '/api\\admin\\sagas',
      '/api/admin/sagas?',
      '/api/admin/sagas%23',
      '/v1/api/admin/sagas',
      '/api/v1/admin/sagas',
      '/api/orders/../../api/admin/sagas',
      '/api/users/me/../',
      '/api/users/me%2f..',
    ]) {
      for (const headers of [{}, REWRITES]) {
        const { status } = await shop().send({ path, token: shop().alice.token, headers });
        assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
      }
    }
  });

  it('a role that is removed is gone at once', async () => {
    const { api, admin } = shop();
    const { id, email, password } = await api.customer();
    const give = (roles: string[]) =>
      api.call('PATCH', `/api/users/${id}`, { body: { roles }, token: admin });
    await give(['customer', 'admin']);
    const token = await api.login(email, password);
    assert.equal((await api.get('/api/admin/sagas', token)).status, 200);
    await give(['customer']);
    assert.equal((await api.get('/api/admin/sagas', token)).status, 401);
    assert.equal((await api.get('/api/admin/sagas', await api.login(email, password))).status, 403);
  });

  it('the ports behind the gateway reject all other callers, over HTTP or gRPC', async () => {
    if (!shop().isSplit) return;
    const { shop: running, admin } = shop();
    for (const context of CONTEXTS) {
      const { http, rpc } = running.addressOf(context);
      for (const path of [
        `/api/${context}`,
        '/docs-json',
        '/nothing',
        '/docs',
        '/console',
        '//metrics',
        '/metrics/../api/orders',
      ]) {
        const answer = await fetch(http + path, { headers: { authorization: `Bearer ${admin}` } });
        // fetch removes the dot segments, so the last one requests /api/orders.
        assert.equal(answer.status, 403, `${context} ${path}`);
      }
      const calls = [context, ...COMMON].flatMap(callsOf);
      assert.ok(calls.length > 10, 'there are some');
      for (const path of calls)
        assert.equal(await outcomeOfCall(rpc, path, admin), 'PERMISSION_DENIED', `${context} ${path}`);
    }
    // The gateway hosts no context, and still serves the contracts of its process.
    const { rpc } = running.addressOf('gateway');
    for (const path of callsOf('processes'))
      assert.equal(await outcomeOfCall(rpc, path, admin), 'PERMISSION_DENIED', `gateway ${path}`);
  });
}

/** A process of the product that has been taken over, with all that it has. */
function probeInsiders(shop: () => ProbedShop): void {
  it('a process calls nothing that is not for it, with its own token and the word that it is another', async () => {
    if (!shop().isSplit) return;
    const { deadLetterId, admin, alice } = shop();
    const { rpc: orders } = shop().shop.addressOf('orders');
    const { rpc: users } = shop().shop.addressOf('users');
    const discard = { contract: Operations, method: 'discardDeadLetter', request: { deadLetterId } };
    const contacts = { contract: Users, method: 'getContacts', request: { userIds: [alice.id] } };
    for (const [address, context, wanted] of [
      [users, 'users', contacts],
      [users, 'users', discard],
      [orders, 'orders', discard],
    ] as const) {
      const token = await new InternalTokens(INTERNAL_SECRET, 'products').tokenFor(context);
      const headers = { 'x-fissile-internal': token, 'x-fissile-context': context };
      const additions: Record<string, string>[] = [
        {},
        { authorization: `Bearer ${admin}` },
        { 'x-fissile-caller': 'gateway' },
        { 'x-fissile-caller': 'notifications', authorization: `Bearer ${admin}` },
      ];
      for (const more of additions) {
        const code = await callInternally({ ...wanted, address, headers: { ...headers, ...more } });
        assert.equal(code, 'internal_port', `${wanted.method} ${JSON.stringify(Object.keys(more))}`);
      }
    }
  });

  it('what is for operators needs the token of an admin, from the gateway too', async () => {
    if (!shop().isSplit) return;
    const { rpc: address } = shop().shop.addressOf('notifications');
    const token = await new InternalTokens(INTERNAL_SECRET, 'gateway').tokenFor('notifications');
    const headers = { 'x-fissile-internal': token, 'x-fissile-context': 'notifications' };
    const call = (more: Record<string, string>) =>
      callInternally({
        address,
        contract: Operations,
        method: 'getDeadLetter',
        headers: { ...headers, ...more },
        request: { deadLetterId: shop().deadLetterId },
      });
    assert.equal(await call({}), 'unauthenticated');
    assert.equal(await call({ authorization: `Bearer ${shop().alice.token}` }), 'forbidden');
    assert.equal(await call({ authorization: `Bearer ${shop().admin}` }), 'ok');
  });

  it('a frame of 60 MiB from a stranger is refused by its length, and grows no process', async () => {
    if (!shop().isSplit) return;
    const { http, rpc } = shop().shop.addressOf('users');
    const resident = async (): Promise<number> => {
      const metrics = await (await fetch(`${http}/metrics`)).text();
      return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(metrics)?.[1]);
    };
    const before = await resident();
    const huge = { userIds: ['x'.repeat(60 * 1024 * 1024)] };
    const code = await callInternally({
      address: rpc,
      contract: Users,
      method: 'getContacts',
      headers: {},
      request: huge,
    });
    assert.notEqual(code, 'ok');
    const grown = ((await resident()) - before) / 1024 / 1024;
    assert.ok(grown < 40, `it has grown by ${grown.toFixed()} MiB`);
  });
}

/** Every call of a folder of contracts, as in `/fissile.orders.v1.Orders/GetOrder`. */
function callsOf(folder: string): string[] {
  // Notifications offers no calls to others.
  if (!PROTOS.some((place) => existsSync(`${place}/${folder}/${folder}.proto`))) return [];
  const definitions = loadSync(`${folder}/${folder}.proto`, { includeDirs: PROTOS });
  return Object.values(definitions).flatMap((definition) =>
    Object.values(definition).flatMap((method: { path?: unknown }) =>
      typeof method?.path === 'string' ? [method.path] : [],
    ),
  );
}

/** The result of a call without the shop's internal token: the name of the status. */
function outcomeOfCall(address: string, path: string, userToken: string): Promise<string> {
  const Client = makeGenericClientConstructor({}, 'probe');
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${userToken}`);
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(0), metadata, (error) => {
      client.close();
      resolve(status[error?.code ?? status.OK] ?? 'unknown');
    });
  });
}
