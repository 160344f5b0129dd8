import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Api, type Json } from '../harness/api.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';
import { appProgram } from '../harness/app-program.js';

describe('The API documentation', () => {
  let shop: SharedShop;
  let document: Json;

  before(async () => {
    shop = await sharedShop();
    document = (await new Api(shop).get('/docs-json')).body;
  });

  after(() => shop.close());

  it('is valid OpenAPI, as a linter sees it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-openapi-'));
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
    const linter = resolve('node_modules/@redocly/cli/bin/cli.js');
    const rules = ['--extends=minimal', '--skip-rule=info-license', '--format=stylish'];
    const { code, output } = await new Promise<{ code: number; output: string }>((done) => {
      const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
      execFile(
        process.execPath,
        [linter, 'lint', ...rules, join(folder, 'openapi.json')],
        { env },
        (error, stdout, stderr) => done({ code: error ? 1 : 0, output: stdout + stderr }),
      );
    });
    rmSync(folder, { recursive: true });
    assert.equal(code, 0, output);
  });

  it('has every route of the public API that clients rely on', () => {
    const routes = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = [
      'POST /api/users',
      'GET /api/users',
      'GET /api/users/me',
      'PATCH /api/users/me',
      'DELETE /api/users/me',
      'GET /api/users/me/export',
      'GET /api/users/roles',
      'GET /api/users/{id}',
      'PATCH /api/users/{id}',
      'POST /api/auth/login',
      'POST /api/auth/refresh',
      'POST /api/auth/logout',
      'POST /api/auth/revoke',
      'POST /api/auth/sign-in-link',
      'POST /api/auth/pages/{page}/login',
      'POST /api/auth/pages/{page}/sign-in-link',
      'POST /api/auth/pages/{page}/refresh',
      'POST /api/auth/pages/{page}/revoke',
      'POST /api/auth/password-reset',
      'POST /api/auth/password-reset/confirm',
      'POST /api/users/verification',
      'POST /api/users/verification/confirm',
      'POST /api/users/me/password',
      'GET /api/users/me/second-factor',
      'POST /api/users/me/second-factor',
      'POST /api/users/me/second-factor/confirm',
      'POST /api/users/me/second-factor/remove',
      'POST /api/users/me/second-factor/recovery-codes',
      'GET /api/users/{id}/second-factor',
      'DELETE /api/users/{id}/second-factor',
      'GET /api/users/{id}/sessions',
      'DELETE /api/users/{id}/sessions',
      'GET /api/users/me/sessions',
      'DELETE /api/users/me/sessions',
      'DELETE /api/users/me/sessions/{id}',
      'GET /.well-known/jwks.json',
      'GET /api/products',
      'POST /api/products',
      'GET /api/products/{id}',
      'PATCH /api/products/{id}',
      'DELETE /api/products/{id}',
      'GET /api/inventory',
      'GET /api/inventory/availability',
      'GET /api/inventory/{productId}',
      'PUT /api/inventory/{productId}',
      'POST /api/inventory/{productId}/adjustments',
      'POST /api/orders',
      'GET /api/orders',
      'GET /api/orders/{id}',
      'GET /api/orders/{id}/timeline',
      'POST /api/orders/{id}/cancel',
      'POST /api/orders/{id}/ship',
      'POST /api/orders/{id}/return',
      'GET /api/payments',
      'GET /api/payments/{id}',
      'POST /api/payments/webhooks/stripe',
      'POST /api/payments/{id}/refunds',
      'POST /api/payments/{id}/refunds/{refundId}/retry',
      'POST /api/payments/{id}/refunds/{refundId}/settle',
      'POST /api/payments/{id}/sandbox-action',
      'GET /api/notifications',
      'GET /api/notifications/mails',
      'GET /api/notifications/mails/{id}',
      'GET /api/admin/sagas',
      'POST /api/admin/sagas/retry',
      'POST /api/admin/sagas/abort',
      'GET /api/admin/sagas/{id}',
      'POST /api/admin/sagas/{id}/retry',
      'POST /api/admin/sagas/{id}/abort',
      'GET /api/admin/dead-letters',
      'POST /api/admin/dead-letters/replay',
      'POST /api/admin/dead-letters/discard',
      'GET /api/admin/dead-letters/{id}',
      'POST /api/admin/dead-letters/{id}/replay',
      'POST /api/admin/dead-letters/{id}/discard',
      'GET /api/admin/audit',
      'GET /api/admin/find',
      'GET /api/admin/topology',
      'POST /api/admin/topology/changes',
      'GET /api/admin/activity',
      'GET /api/admin/history',
      'GET /api/admin/advice',
      'POST /api/admin/advice',
      'DELETE /api/admin/advice',
      'GET /api/admin/settings',
      'GET /api/admin/schedules',
      'GET /api/admin/traces',
      'GET /api/admin/traces/{traceId}',
      'GET /api/admin/logs',
      'GET /health',
      'GET /health/live',
      'GET /health/ready',
      'GET /health/startup',
      'GET /metrics',
    ];
    assert.deepEqual(
      expected.filter((route) => !routes.includes(route)),
      [],
    );
  });

  it('has examples that the shop accepts, once an id stands for what there is', async () => {
    const api = new Api(shop);
    const token = await api.admin();
    const exampleOf = (name: string): Json => document.components.schemas[name].example;
    const registered = await api.call('POST', '/api/users', { body: exampleOf('Registration') });
    assert.ok(registered.status < 300, JSON.stringify(registered.body));
    const login = await api.call('POST', '/api/auth/login', { body: exampleOf('Login') });
    assert.equal(login.status, 200, JSON.stringify(login.body));
    const product = { ...exampleOf('NewProduct'), sku: `EXAMPLE-${Date.now()}` };
    const { id } = (await api.call('POST', '/api/products', { body: product, token })).body;
    const requests: [method: string, path: string, body: Json][] = [
      ['PATCH', `/api/products/${id}`, exampleOf('ProductChange')],
      ['PUT', `/api/inventory/${id}`, exampleOf('StockCount')],
      ['POST', `/api/inventory/${id}/adjustments`, exampleOf('NewStockAdjustment')],
    ];
    for (const [method, path, body] of requests) {
      const answer = await api.call(method, path, { body, token });
      assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    }
    const { items, ...rest } = exampleOf('PlaceOrder');
    const order = { ...rest, items: [{ ...items[0], productId: id }] };
    const placed = await api.call('POST', '/api/orders', {
      body: order,
      token,
      headers: { 'idempotency-key': product.sku },
    });
    assert.equal(placed.status, 201, JSON.stringify(placed.body));
  });

  it('has an example of each body that clients send', () => {
    const bodies = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, operation]) => ({
        route: `${method.toUpperCase()} ${path}`,
        schema: operation.requestBody?.content['application/json']?.schema,
      })),
    );
    const resolved = ({ $ref, ...schema }: Json): Json =>
      $ref === undefined ? schema : document.components.schemas[$ref.split('/').at(-1)];
    const without = bodies
      .filter(({ schema }) => schema !== undefined && resolved(schema).example === undefined)
      .map(({ route }) => route);
    // Nobody but Stripe sends that.
    assert.deepEqual(without, ['POST /api/payments/webhooks/stripe']);
  });

  it('describes each group of routes', () => {
    const described = new Set(document.tags.map(({ name }: Json) => name));
    const used = Object.values<Json>(document.paths).flatMap((methods) =>
      Object.values<Json>(methods).flatMap(({ tags }) => tags),
    );
    assert.deepEqual([...new Set(used)].sort(), [...described].sort());
  });

  it('is what the client was made from', async () => {
    const files = [
      '--document',
      'packages/client/openapi.json',
      '--types',
      'packages/client/src/generated/api.ts',
    ];
    const command = ['libs/dist/cli/main.js', 'client', '--check', '--from', shop.url, ...files];
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    assert.equal(status, 0, `${stderr}packages/client is not as the API is: run npm run client`);
  });

  it('is printed by the program as it is served, without a start', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [appProgram('monolith'), 'openapi'], {
      // No start would get along with this one.
      env: { PATH: process.env['PATH'], PORT: 'none' },
      encoding: 'utf8',
      maxBuffer: 100 * 1024 * 1024,
    });
    assert.equal(stderr, '');
    assert.deepEqual(JSON.parse(stdout), document);
  });

  it('says of each route what it answers, and of those behind a login that they need a token', () => {
    for (const [path, methods] of Object.entries<Json>(document.paths)) {
      for (const [method, operation] of Object.entries<Json>(methods)) {
        const label = `${method} ${path}`;
        assert.ok(operation.summary, `${label} has no summary`);
        const statuses = Object.keys(operation.responses);
        assert.ok(
          statuses.some((status) => status.startsWith('2')),
          `${label} has no success`,
        );
        assert.equal(
          Boolean(operation.security),
          (statuses.includes('401') && !/\/(login|refresh)$/.test(path)) || path.endsWith('logout'),
          label,
        );
      }
    }
    assert.ok(document.components.securitySchemes.bearer, 'the Authorize button');
  });
});
