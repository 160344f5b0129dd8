import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CONTEXTS } from '#contracts';
import { brokerUrl, freePort, Program, type RunningBroker, startBroker, until } from '@fissile/kit/testing';
import { appProgram } from '../harness/app-program.js';

const BURST = 30;

/**
 * Two replicas of the gateway and a Redis; no process runs at the contexts' addresses, and a 503 counts like any
 * response.
 */
describe('Two gateways that count requests in one Redis', { skip: !brokerUrl('redis') }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-limit-'));
  const gateways: { program: Program; url: string }[] = [];
  let redis: RunningBroker;
  let port: number;

  before(async () => {
    port = await freePort();
    redis = await startBroker('redis', { port });
    const unusedPort = await freePort();
    for (let count = 0; count < 2; count += 1) {
      const endpoints = CONTEXTS.map((context) => `${context}=127.0.0.1:${unusedPort}:${unusedPort}`);
      endpoints.push(`gateway=127.0.0.1:${await freePort()}:${await freePort()}`);
      const program = new Program(appProgram('gateway'), {
        DATA_DIR: dataDir,
        PROCESS_ADDRESSES: endpoints.join(','),
        THROTTLE_STORAGE: 'redis',
        REDIS_URL: redis.url,
        THROTTLE_RATE: '0.01',
        THROTTLE_BURST: String(BURST),
        THROTTLE_REDIS_TIMEOUT_MS: '5000',
        BREAKER_ENABLED: 'false',
        TRUST_PROXY: 'true',
      });
      gateways.push({ program, url: await program.listens() });
    }
    for (const gateway of gateways) {
      await until('Redis counts', async () => (await healthOf('', [gateway])).body['redis'] === 'up');
    }
  });

  after(async () => {
    await Promise.all(gateways.map(({ program }) => program.stop()));
    await redis.stop();
    rmSync(dataDir, { recursive: true });
  });

  const ask = async (gateway: number, client: string) => {
    const { url = '' } = gateways[gateway] ?? {};
    const response = await fetch(`${url}/api/products`, { headers: { 'x-forwarded-for': client } });
    await response.text();
    return response;
  };
  const healthOf = async (path = '', [gateway] = gateways) => {
    const response = await fetch(`${gateway?.url}/health${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };

  it('let a client send as much as one of them would', async () => {
    const begun = Date.now();
    const responses = Array.from({ length: 3 * BURST }, (_, index) => ask(index % 2, '203.0.113.1'));
    const statuses = (await Promise.all(responses)).map(({ status }) => status);
    assert.equal(statuses.filter((status) => status !== 429).length, BURST);
    const refused = await ask(1, '203.0.113.1');
    assert.equal(refused.status, 429);
    const retryAfter = Number(refused.headers.get('retry-after'));
    const filledSeconds = Math.ceil((Date.now() - begun) / 1_000);
    assert.ok(
      retryAfter >= 100 - filledSeconds && retryAfter <= 100,
      `a place is free after ${retryAfter} s`,
    );
    assert.equal((await ask(0, '203.0.113.2')).headers.get('ratelimit-remaining'), String(BURST - 1));
    assert.equal((await ask(1, '203.0.113.2')).headers.get('ratelimit-remaining'), String(BURST - 2));
  });

  it('count locally while Redis is down, report it, and stay ready', async () => {
    assert.equal((await healthOf()).body['redis'], 'up');
    await redis.stop();
    assert.notEqual((await ask(0, '203.0.113.1')).status, 429, 'the gateway starts a local bucket');
    for (let count = 0; count < BURST; count += 1) await ask(0, '203.0.113.1');
    assert.equal((await ask(0, '203.0.113.1')).status, 429, 'and still has a limit');
    assert.equal((await healthOf()).body['redis'], 'down');
    assert.equal((await healthOf('/ready')).status, 200);
    const metrics = await (await fetch(`${gateways[0]?.url}/metrics`)).text();
    assert.match(metrics, /^throttle_requests_total\{outcome="storage_failed"\} 3\d$/m);
    redis = await startBroker('redis', { port });
    await until('Redis counts again', async () => (await healthOf()).body['redis'] === 'up');
  });
});
