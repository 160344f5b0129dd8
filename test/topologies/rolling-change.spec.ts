import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dropDatabases, startTestServer, type TestServer } from '@fissile/kit/testing';
import { ProjectCopy } from '../harness/project-copy.js';
import { placeConfirmedOrder, withSeparateApps } from '../harness/separate-apps.js';

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
  function placeOrderWith(
    newApps: readonly string[],
    transport: string,
  ): Promise<ReadonlyMap<string, string>> {
    return withSeparateApps(
      {
        databaseServerUrl: server.url,
        databasePrefix: prefix,
        dataDir: join(newer.folder, 'data'),
        transport,
        folders: Object.fromEntries(newApps.map((app) => [app, newer.folder])),
      },
      async (api) => void (await placeConfirmedOrder(api)),
    );
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
