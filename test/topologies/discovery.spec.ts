import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { COMPONENTS } from '#contracts';
import { Api, type Customer, type Json } from '../harness/api.js';
import {
  ConsulAgent,
  dropDatabases,
  Program,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { Shop, TEST_SETTINGS } from '../harness/shop.js';
import { appProgram } from '../harness/app-program.js';

const PRODUCTS = appProgram('products');
const REST = COMPONENTS.filter((host) => host !== 'products');
const CLIENTS = 3;

describe('Discovery that cannot be', () => {
  it('is refused with all that is wrong with it', async () => {
    const program = new Program(PRODUCTS, { DISCOVERY: 'consul', EJECT_MS: '0' });
    assert.equal(await program.ends(), 1);
    assert.match(program.output, /CONSUL_URL \(not set\): needed with DISCOVERY=consul/);
    assert.match(program.output, /EJECT_MS \(environment\): expected a whole number from 10 to 30000/);
    const guess = new Program(PRODUCTS, { DISCOVERY: 'guess' });
    assert.equal(await guess.ends(), 1);
    assert.match(guess.output, /DISCOVERY \(environment\): expected one of static, dns, consul/);
  });
});

describe('Instances that the topology asks for', () => {
  it('are started beside each other, and share the work', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-instances-'));
    mkdirSync(join(folder, 'config'));
    const file = `custom:\n  rest: [${REST.join(', ')}]\n  shelf: { hosts: [products], instances: 2 }\n`;
    writeFileSync(join(folder, 'config/topology.yaml'), file);
    const shop = await Shop.start({ cwd: folder, env: { TOPOLOGY: 'custom' } });
    try {
      const api = new Api(shop);
      const { processes, discovery } = (await api.get('/api/admin/topology', await api.admin())).body;
      assert.deepEqual(discovery, { source: 'static', registry: 'up' });
      const instances = processes.find(({ name }: Json) => name === 'shelf').instances;
      assert.equal(instances.length, 2);
      for (let sent = 0; sent < 40; sent += 1) await api.get('/api/products');
      const counts = await Promise.all(
        ['shelf', 'shelf#2'].map((name) => answeredBy(shop.addressOf(name).http)),
      );
      for (const count of counts) assert.ok(count > 5, counts.join(' and '));
    } finally {
      await shop.close();
      rmSync(folder, { recursive: true });
    }
  });
});

/** The number of product requests that an instance has served. */
async function answeredBy(at: string): Promise<number> {
  const text = await (await fetch(`${at}/metrics`)).text();
  const counts = [...text.matchAll(/^http_requests_total\{.*endpoint="\/api\/products.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Several instances of products, and everything else in one process; they find each other through Consul. */
describe('Several instances of a context', () => {
  const prefix = `t${randomBytes(5).toString('hex')}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-discovery-'));
  let server: TestServer;
  let agent: ConsulAgent;
  let env: Record<string, string>;
  let edge: Program;
  let url: string;
  let api: Api;
  let admin: string;
  let customer: Customer;
  let productId: string;
  const running: Program[] = [];

  before(async () => {
    server = await startTestServer();
    agent = await ConsulAgent.start();
    env = {
      DATABASE_URL: server.url,
      DATABASE_NAME_PREFIX: prefix,
      DATABASE_POOL_SIZE: '4',
      DATA_DIR: dataDir,
      ...TEST_SETTINGS,
      PORT: '0',
      DISCOVERY: 'consul',
      DISCOVERY_PREFIX: prefix,
      DISCOVERY_CHECK_MS: '500',
      DISCOVERY_LEAVE_MS: '3000',
      CONSUL_URL: agent.url,
    };
    edge = new Program(appProgram('monolith'), { ...env, HOSTS: REST.join(',') });
    running.push(edge);
    const [edgeUrl] = await Promise.all([edge.listens(), startProducts(), startProducts()]);
    url = edgeUrl;
    api = new Api({ url });
    await until('it is healthy', async () => (await api.get('/health')).status === 200);
    admin = await api.admin();
    customer = await api.customer();
    await areKnown(2);
    productId = await api.product(admin, { stock: 100_000 });
  });

  after(async () => {
    await Promise.all(running.map((program) => program.stop('SIGKILL')));
    await agent.stop();
    await dropDatabases(server.url, prefix);
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function startProducts(): Promise<{ program: Program; at: string }> {
    const program = new Program(PRODUCTS, env);
    running.push(program);
    return { program, at: await program.listens() };
  }

  const topology = async (): Promise<Json> => (await api.get('/api/admin/topology', admin)).body;
  const products = async (): Promise<Json> =>
    (await topology()).processes.find(({ name }: Json) => name === 'products');
  const areKnown = (count: number) =>
    until(`${count} instances are known`, async () => (await products()).instances.length === count);
  const instancesOfProducts = () =>
    running
      .filter((program) => program !== edge && !program.hasEnded)
      .map((program) => ({ program, at: /listening on (http:\S+)/.exec(program.output)?.[1] ?? '' }));

  /** Sends requests, a few concurrently, until it is stopped; records every unexpected response. */
  function load(requests: readonly (() => Promise<{ status: number; headers: Headers; body: Json }>)[]) {
    const failures: string[] = [];
    let answered = 0;
    let going = true;
    const client = async (first: number): Promise<void> => {
      for (let sent = first; going; sent += 1) {
        const { status, headers, body } = await requests[sent % requests.length]!();
        if (status >= 300) failures.push(`${status} ${JSON.stringify(body)}`);
        // Cached responses would hide failures.
        else if (headers.has('x-fissile-stale')) failures.push('an answer that the gateway had kept');
        answered += 1;
      }
    };
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)));
    return {
      more: (count: number) => {
        const from = answered;
        return until(`${count} more are answered`, () => answered >= from + count);
      },
      stop: async () => {
        going = false;
        await clients;
        assert.deepEqual(failures, []);
      },
    };
  }

  const read = () => api.get(`/api/products/${productId}`);
  const list = () => api.get('/api/products?limit=5');
  /** Orders requests the price from products, over the transport. */
  const order = () => api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
  const change = () =>
    api.call('PATCH', `/api/products/${productId}`, {
      token: admin,
      body: { description: randomBytes(4).toString('hex') },
    });

  it('share the work, and are shown to operators', async () => {
    const going = load([read, list]);
    await going.more(100);
    await going.stop();
    const counts = await Promise.all(instancesOfProducts().map(({ at }) => answeredBy(at)));
    assert.equal(counts.length, 2);
    for (const count of counts) assert.ok(count > 15, counts.join(' and '));
    const { discovery } = await topology();
    assert.deepEqual(discovery, { source: 'consul', registry: 'up' });
    await until('both are healthy and at rest', async () => {
      const { instances, isStale } = await products();
      return (
        !isStale && instances.every(({ state, inFlight }: Json) => state === 'healthy' && inFlight === 0)
      );
    });
  });

  it('lose no idempotent request when one of them is killed', async () => {
    const going = load([read, order, list]);
    await going.more(20);
    await instancesOfProducts()[0]?.program.stop('SIGKILL');
    await going.more(100);
    await going.stop();
    await until('Consul lists it no more', async () => (await products()).instances.length === 1);
  });

  it('lose no request at all when one of them is stopped, and a new one joins', async () => {
    await startProducts();
    await areKnown(2);
    const going = load([read, change, order, list]);
    await going.more(20);
    const leaves = instancesOfProducts()[0];
    assert.equal(await leaves?.program.stop(), 0);
    await going.more(50);
    await going.stop();
    assert.equal((await products()).instances.length, 1);
    const { port } = new URL(leaves?.at ?? '');
    assert.deepEqual(
      agent.serviceIds.filter((id) => id.endsWith(`-${port}`)),
      [],
    );
  });

  it('keep working as last known while Consul is down and after it lost its data, and need no restart', async () => {
    await startProducts();
    await areKnown(2);
    const going = load([read, order]);
    await agent.stop();
    await until('it is noticed', async () => (await topology()).discovery.registry === 'down');
    await going.more(30);
    const { instances, isStale } = await products();
    assert.deepEqual([instances.length, isStale], [2, true]);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /^discovery_registry_up 0$/m);
    const health = await api.get('/health');
    assert.deepEqual([health.status, health.body.consul], [503, 'down']);
    assert.equal((await api.get('/health/ready')).status, 200, 'it serves all the same');
    agent.forgetEverything();
    await agent.resume();
    await until('all have registered again', () => agent.serviceIds.length === REST.length + 2);
    await until('it is healthy', async () => (await api.get('/health')).status === 200);
    await going.more(30);
    await going.stop();
    await until('both are known again', async () => {
      const { instances, isStale } = await products();
      return instances.length === 2 && !isStale;
    });
  });
});
