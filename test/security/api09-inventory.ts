import { shop } from '#contracts';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { filled, OF_ANYONE, OF_CUSTOMERS, routesOf } from './documented-routes.js';
import type { ProbedShop } from './probed-shop.js';

/** Files whose routes are Fastify's own: pages, the documentation, and the gateway's proxy. */
const PAST_NEST = [
  'libs/gateway/pages/page-routes.ts',
  'libs/gateway/proxy/proxy-routes.ts',
  'libs/runtime/docs/api-docs.ts',
];

export function probeInventory(shop: () => ProbedShop): void {
  it('what the code serves and what the document names are the same', async () => {
    const documented = routesOf(shop().document).map(({ name }) => name);
    const coded = [...(await routesInCode()), 'GET /metrics'];
    assert.deepEqual(documented.sort(), coded.sort());
  });

  it('routes past Nest are in these files alone', () => {
    const files = globSync('{apps,libs}/**/*.ts').filter(
      (file) =>
        !/\.spec\.ts$|^libs\/testing\//.test(file) &&
        /\b(fastify|scope|instance)\.(get|post|put|patch|delete|all|route|head|options)\(/.test(
          readFileSync(file, 'utf8'),
        ),
    );
    assert.deepEqual(files.sort(), PAST_NEST);
  });

  it('of every documented route it is known who may call it', () => {
    const names = routesOf(shop().document).map(({ name }) => name);
    for (const name of [...OF_ANYONE, ...OF_CUSTOMERS]) assert.ok(names.includes(name), `${name} is gone`);
    for (const { name, needsToken } of routesOf(shop().document))
      assert.equal(needsToken, !OF_ANYONE.has(name), name);
  });

  it('every documented route exists', async () => {
    for (const { method, path, name } of routesOf(shop().document)) {
      const { status, body } = await shop().send({ method, path: filled(path, shop()) });
      assert.ok(status !== 405 && body?.code !== 'not_found', `${name}: ${status} ${body?.code}`);
    }
  });

  it('no other method exists', async () => {
    const routes = routesOf(shop().document);
    for (const path of new Set(routes.map((route) => route.path))) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (routes.some((route) => route.path === path && route.method === method)) continue;
        const sent = {
          method,
          path: filled(path, shop()),
          token: shop().admin,
          ...(method !== 'GET' && { body: {} }),
        };
        const { status } = await shop().send(sent);
        assert.ok(
          isTakenByNeighbour(method, path) || status === 404 || status === 405,
          `${method} ${path}: ${status}`,
        );
      }
    }
  });

  it('no old version, debug route or file of the project exists', async () => {
    const starts = [
      '/v1',
      '/v2',
      '/api/v1',
      '/api/v2',
      '/api/v1/orders',
      '/v1/orders',
      '/api/beta/orders',
      '/old/api/orders',
    ];
    const debug = [
      '/debug',
      '/debug/pprof',
      '/actuator',
      '/actuator/env',
      '/env',
      '/config',
      '/internal',
      '/admin',
      '/api/admin',
    ];
    const tools = [
      '/graphql',
      '/swagger',
      '/swagger.json',
      '/api-docs',
      '/openapi.json',
      '/status',
      '/trace',
      '/console/../docs-yaml.bak',
    ];
    const files = [
      '/.env',
      '/.git/config',
      '/package.json',
      '/package-lock.json',
      '/dist/apps/monolith/src/main.js',
      '/.data',
      '/config/topology.yaml',
      '/server.js',
      '/robots.txt~',
    ];
    for (const path of [...starts, ...debug, ...tools, ...files]) {
      for (const token of [undefined, shop().admin]) {
        const { status } = await shop().send({ path, token });
        assert.equal(status, 404, path);
      }
    }
  });
}

/** Routes of /api/users/{id} treat `me`, `roles` and `verification` as an id, which is the document's own route. */
function isTakenByNeighbour(method: string, path: string): boolean {
  if (path === '/api/users/me/second-factor') return method === 'DELETE';
  if (path === '/api/inventory/availability') return method === 'PUT';
  // As an id, which it is not.
  if (/^\/api\/admin\/(sagas|dead-letters)\/(retry|abort|replay|discard)$/.test(path))
    return method === 'GET';
  return (
    ['/api/users/me', '/api/users/roles', '/api/users/verification'].includes(path) &&
    (method === 'GET' || method === 'PATCH')
  );
}

async function routesInCode(): Promise<string[]> {
  const routes: string[] = [];
  const files = globSync(['dist/apps/**/*.controller.js', 'libs/dist/!(testing)/**/*.controller.js']);
  for (const file of files) {
    const found = (await import(pathToFileURL(file).href)) as Record<
      string,
      Controller | ((product: typeof shop) => Controller)
    >;
    for (const exported of Object.values(found)) routes.push(...routesOfController(classOf(exported)));
  }
  return routes;
}

interface Controller {
  readonly name: string;
  readonly prototype?: object;
}

/** The kit generates controllers for a product in functions with lower-case names. */
function classOf(exported: Controller | ((product: typeof shop) => Controller)): Controller {
  return typeof exported === 'function' && /^[a-z]\w+Controller$/.test(exported.name)
    ? exported(shop)
    : exported;
}

function routesOfController(controller: Controller): string[] {
  const start = Reflect.getMetadata(PATH_METADATA, controller) as string | undefined;
  const methods = controller.prototype as Record<string, object> | undefined;
  if (start === undefined || methods === undefined) return [];
  return Object.getOwnPropertyNames(methods).flatMap((name) => {
    const handler = name === 'constructor' ? undefined : methods[name];
    const verb = handler && (Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined);
    if (handler === undefined || verb === undefined) return [];
    const end = Reflect.getMetadata(PATH_METADATA, handler) as string;
    const path = `/${start}/${end}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
    return [`${RequestMethod[verb]} ${path.replace(/:(\w+)/g, '{$1}')}`];
  });
}
