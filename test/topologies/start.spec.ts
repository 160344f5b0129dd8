import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CONTEXTS } from '#contracts';
import { Api } from '../harness/api.js';
import {
  brokerUrl,
  dropDatabases,
  freePort,
  isAlive,
  Program,
  startBroker,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { placeConfirmedOrder, withSeparateApps } from '../harness/separate-apps.js';
import { Shop, TEST_SETTINGS } from '../harness/shop.js';
import { appProgram } from '../harness/app-program.js';

const MONOLITH = appProgram('monolith');
const APPS = [...CONTEXTS, 'gateway'];

describe('A topology that cannot be', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-start-'));
    mkdirSync(join(folder, 'config'));
  });

  after(() => rmSync(folder, { recursive: true }));

  async function faultsOf(file: string, env: Record<string, string>): Promise<string> {
    writeFileSync(join(folder, 'config/topology.yaml'), file);
    const program = new Program(MONOLITH, { DATA_DIR: join(folder, 'data'), ...env }, { cwd: folder });
    assert.equal(await program.ends(), 1, program.output);
    assert.doesNotMatch(program.output, / at .*\.js/);
    return program.output;
  }

  it('is rejected with all its errors, and those of the settings, at once', async () => {
    const output = await faultsOf('custom:\n  edge: [gateway, users, cart]\n  core: [orders, users]\n', {
      TOPOLOGY: 'custom',
      TRANSPORT: 'pigeon',
      LOG_LEVEL: 'loud',
    });
    for (const fault of [
      'TRANSPORT (environment): expected one of grpc, tcp, nats, rmq, redis',
      'LOG_LEVEL (environment)',
      'edge hosts cart, which is unknown',
      'users is hosted more than once, by edge and core',
      'nothing hosts payments',
    ]) {
      assert.ok(output.includes(fault), `${fault}\n${output}`);
    }
  });

  it('is refused with the settings that do not go with several processes', async () => {
    const split = APPS.map((app) => `  ${app}: [${app}]`).join('\n');
    const output = await faultsOf(`split:\n${split}\n`, {
      TOPOLOGY: 'split',
      HOSTS: 'orders',
      NODE_ENV: 'production',
      EVENT_BUS: 'local',
      PORT: '0',
    });
    assert.match(output, /INTERNAL_AUTH_SECRET \(not set\): needed in production/);
    assert.match(output, /EVENT_BUS: local reaches one process alone/);
    assert.match(output, /PORT: 0 takes any free port/);
  });
});

describe('A start that fails before anything serves', () => {
  it('leaves no embedded PostgreSQL behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-start-'));
    // A file where the folder of the keys should be.
    writeFileSync(join(folder, 'internal-keys'), '');
    try {
      const program = new Program(MONOLITH, { DATA_DIR: folder, TOPOLOGY: 'split', HOSTS: 'orders' });
      assert.equal(await program.ends(), 1, program.output);
      assert.match(program.output, /EEXIST/);
      assert.ok(existsSync(join(folder, 'postgres/PG_VERSION')), 'it was started');
      assert.ok(!existsSync(join(folder, 'postgres/postmaster.pid')), 'and is stopped');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('Programs that are started one by one', () => {
  let server: TestServer;
  let common: Record<string, string>;
  let running: Program[];
  const prefix = `t${randomBytes(5).toString('hex')}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-apps-'));

  before(async () => {
    server = await startTestServer();
    common = {
      DATABASE_URL: server.url,
      DATABASE_NAME_PREFIX: prefix,
      DATABASE_POOL_SIZE: '3',
      DATA_DIR: dataDir,
      ...TEST_SETTINGS,
    };
  });

  after(async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  async function addresses(endpoints: readonly (readonly string[])[]): Promise<string> {
    const ports = await Promise.all(endpoints.map(async () => [await freePort(), await freePort()]));
    return endpoints
      .flatMap((names, index) => names.map((name) => `${name}=127.0.0.1:${ports[index]?.join(':')}`))
      .join(',');
  }

  async function placeAnOrder(api: Api): Promise<void> {
    const { token } = await placeConfirmedOrder(api);
    await until('the customer is notified', async () => {
      const { body } = await api.get('/api/notifications', token);
      return body.items.some(({ type }: { type: string }) => type === 'orders.confirmed.v1');
    });
  }

  it('are the shop when each app hosts its context', async () => {
    await withSeparateApps(
      {
        databaseServerUrl: server.url,
        databasePrefix: prefix,
        dataDir,
        transport: 'grpc',
        folders: {},
      },
      placeAnOrder,
    );
  });

  for (const transport of ['grpc', 'tcp']) {
    it(`say in a line that the port for calls is taken, over ${transport}`, async () => {
      const holder = createServer().listen(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;
      const program = new Program(appProgram('orders'), {
        ...common,
        TRANSPORT: transport,
        PROCESS_ADDRESSES: `orders=127.0.0.1:${await freePort()}:${port}`,
      });
      const code = await program.ends();
      // First: a failed test must not keep the port, and with it this file, open.
      holder.close();
      assert.equal(code, 1);
      assert.match(program.output, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken`));
      assert.doesNotMatch(program.output, /Error| at .*\.js/);
    });
  }

  it('are the shop when the monolith hosts any part of it, as HOSTS says', async () => {
    const parts = [
      ['gateway', 'users', 'products'],
      ['orders', 'inventory'],
      CONTEXTS.filter((context) => !['users', 'products', 'orders', 'inventory'].includes(context)),
    ];
    const env = { ...common, TRANSPORT: 'tcp', PROCESS_ADDRESSES: await addresses(parts) };
    running = parts.map((hosts) => new Program(MONOLITH, { ...env, HOSTS: hosts.join(',') }));
    const urls = await Promise.all(running.map((program) => program.listens()));
    const api = new Api({ url: urls[0] ?? '' });
    await until('it is healthy', async () => (await api.get('/health')).status === 200);
    await placeAnOrder(api);
    await Promise.all(running.map((program) => program.stop()));
  });
});

describe('A killed supervisor', { skip: brokerUrl('nats') === undefined }, () => {
  it('leaves no process behind, although nothing reads their output any more', async () => {
    const shop = await Shop.start({ env: { TOPOLOGY: 'edge-core', TRANSPORT: 'nats' } });
    try {
      const pids = await shop.killSupervisor();
      assert.equal(pids.length, 2);
      await until('they have ended', () => pids.every((pid) => !isAlive(pid)));
    } finally {
      await shop.close();
    }
  });
});

describe('A broker that is down at the start', { skip: brokerUrl('redis') === undefined }, () => {
  it('is waited for, said in a line, and the processes are ready once it is up', async () => {
    const port = await freePort();
    const shop = await Shop.start({
      env: { TOPOLOGY: 'edge-core', TRANSPORT: 'redis', REDIS_URL: `redis://127.0.0.1:${port}` },
    });
    const core = shop.addressOf('core').http;
    try {
      const ready = await fetch(`${core}/health/ready`);
      assert.equal(ready.status, 503);
      assert.equal(((await ready.json()) as Record<string, string>)['redis'], 'down');
      assert.match(shop.output, /redis cannot be reached; retrying in \d+ ms/);
      const redis = await startBroker('redis', { port });
      try {
        await until('it is ready', async () => (await fetch(`${core}/health/ready`)).status === 200);
        const api = new Api(shop);
        const admin = await api.admin();
        const customer = await api.customer();
        const productId = await api.product(admin, { stock: 5 });
        const placed = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
        assert.equal((await api.orderAtRest(placed.body.id, customer.token)).status, 'confirmed');
      } finally {
        await redis.stop();
      }
    } finally {
      await shop.close();
    }
  });
});
