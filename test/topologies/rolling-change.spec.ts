import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CONTEXTS } from '#contracts';
import { Api } from '../harness/api.js';
import {
  dropDatabases,
  freePort,
  Program,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { ProjectCopy } from '../harness/project-copy.js';
import { TEST_SETTINGS } from '../harness/shop.js';

const APPS = [...CONTEXTS, 'gateway'];

/** A version of the shop in which orders sends more fields to inventory, and inventory returns more. */
async function buildNewer(): Promise<ProjectCopy> {
  const newer = new ProjectCopy();
  const proto = 'contracts/inventory/inventory.proto';
  const lines = '  repeated ReservationLine lines = 2;\n';
  newer.edit(proto, lines, `${lines}  optional string note = 3;\n`);
  newer.edit(
    proto,
    'message ReserveResponse {}',
    'message ReserveResponse {\n  optional string warehouse = 1;\n}',
  );
  const handler = 'apps/inventory/src/api/inventory.handler.ts';
  newer.edit(
    handler,
    'return {};',
    "console.log(`note ${request.note}`);\n    return { warehouse: 'north' };",
  );
  const saga = 'apps/orders/src/sagas/place-order.saga.ts';
  newer.edit(
    saga,
    'await this.inventory.reserve({',
    "const reservation = await this.inventory.reserve({ note: 'gift',",
  );
  newer.edit(
    saga,
    '({ productId, quantity })),\n          });',
    '({ productId, quantity })),\n          });\n          console.log(`reserved in ${reservation.warehouse}`);',
  );
  await newer.run('buf', ['generate']);
  await newer.run('buf', ['breaking', '--against', 'contracts/baseline.binpb']);
  await newer.run('tsc', ['-b', 'tsconfig.app.json']);
  return newer;
}

describe('A version that adds optional fields to a contract', () => {
  let newer: ProjectCopy;
  let server: TestServer;
  const prefix = `t${randomBytes(5).toString('hex')}`;

  before(async () => {
    server = await startTestServer();
    newer = await buildNewer();
  });

  after(async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
    newer.remove();
  });

  /** Runs the shop with some apps of the newer version, places an order, and returns the output of each app. */
  async function placeOrderWith(newApps: readonly string[], transport: string): Promise<Map<string, string>> {
    const addresses = await Promise.all(
      APPS.map(async (app) => `${app}=127.0.0.1:${await freePort()}:${await freePort()}`),
    );
    const env = {
      DATABASE_URL: server.url,
      DATABASE_NAME_PREFIX: prefix,
      DATABASE_POOL_SIZE: '3',
      DATA_DIR: join(newer.folder, 'data'),
      ...TEST_SETTINGS,
      TRANSPORT: transport,
      PROCESS_ADDRESSES: addresses.join(','),
    };
    const programs = new Map(
      APPS.map((app) => {
        const root = newApps.includes(app) ? newer.folder : '.';
        return [app, new Program(join(root, `dist/apps/${app}/src/main.js`), env)];
      }),
    );
    try {
      const urls = await Promise.all([...programs.values()].map((program) => program.listens()));
      const api = new Api({ url: urls.at(-1) ?? '' });
      await until('it is healthy', async () => (await api.get('/health')).status === 200);
      const productId = await api.product(await api.admin(), { stock: 5 });
      const customer = await api.customer();
      const order = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
      assert.equal(order.body.status, 'confirmed', JSON.stringify(order.body));
    } finally {
      await Promise.all([...programs.values()].map((program) => program.stop()));
    }
    return new Map([...programs].map(([app, { output }]) => [app, output]));
  }

  for (const transport of ['grpc', 'tcp']) {
    it(`calls the older one and is understood, over ${transport}`, async () => {
      const printed = await placeOrderWith(['orders'], transport);
      assert.match(printed.get('orders') ?? '', /reserved in undefined/);
    });

    it(`is called by the older one and understands it, over ${transport}`, async () => {
      const printed = await placeOrderWith(['inventory'], transport);
      assert.match(printed.get('inventory') ?? '', /note undefined/);
    });
  }

  it('has what it added once both sides are newer', async () => {
    const printed = await placeOrderWith(['orders', 'inventory'], 'grpc');
    assert.match(printed.get('inventory') ?? '', /note gift/);
    assert.match(printed.get('orders') ?? '', /reserved in north/);
  });
});
