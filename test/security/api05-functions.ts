import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { it } from 'node:test';
import { credentials, makeGenericClientConstructor, Metadata, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { CONTEXTS } from '#contracts';
import {
  bodyFor,
  type DocumentedRoute,
  filled,
  OF_ANYONE,
  OF_CUSTOMERS,
  routesOf,
} from './documented-routes.js';
import type { ProbedShop } from './probed-shop.js';

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
