import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Redis } from 'ioredis';
import { brokerUrl, freePort, LossyProxy, startBroker, until } from '@fissile/kit/testing';
import type { BucketStorage } from './bucket-storage.js';
import { MemoryBucketStorage } from './memory-bucket-storage.js';
import { RedisBuckets } from './redis-buckets.js';
import { SharedBucketStorage } from './shared-bucket-storage.js';
import type { ThrottleSettings } from './throttle.settings.js';

const redisUrl = brokerUrl('redis');
/** Unique to this run. */
const PREFIX = `throttle-${randomUUID()}`;
const OPEN = { THROTTLE_WHEN_REDIS_FAILS: 'open' } as ThrottleSettings;
/** So slow that no test sees a token refill. */
const limit = { rate: 0.001, burst: 20 };

/** A gateway's storage, connected to Redis. */
async function gateway(url: string, { settings = OPEN, prefix = PREFIX, timeoutMs = 30_000 } = {}) {
  const redis = new RedisBuckets({ settings: { REDIS_URL: url }, prefix, timeoutMs });
  await redis.connect();
  await until('Redis answers', () => redis.ping().then(() => true));
  return new SharedBucketStorage(redis, settings);
}

const take = async (storage: BucketStorage, client: string, cost = 1, burst = limit.burst) => {
  const { taken, fromFallback } = await storage.take(client, [
    { key: client, limit: { ...limit, burst }, cost },
  ]);
  return { ...taken[0], fromFallback };
};

const kinds = [
  { name: 'memory', open: async (): Promise<BucketStorage> => new MemoryBucketStorage() },
  ...(redisUrl ? [{ name: 'Redis', open: (): Promise<BucketStorage> => gateway(redisUrl) }] : []),
];

for (const { name, open } of kinds) {
  describe(`Token buckets in ${name}`, () => {
    let storage: BucketStorage;
    before(async () => {
      Logger.overrideLogger(false);
      storage = await open();
    });
    after(() => (storage as Partial<SharedBucketStorage>).onApplicationShutdown?.());

    it('give what they hold, and say when there is more', async () => {
      const client = randomUUID();
      const demand = { key: client, limit: { rate: 0.05, burst: 2 }, cost: 1 };
      const steps = [];
      for (let count = 0; count < 3; count += 1) steps.push((await storage.take(client, [demand])).taken[0]);
      assert.deepEqual(
        steps.map((step) => [step?.allowed, step?.remaining]),
        [
          [true, 1],
          [true, 0],
          [false, 0],
        ],
      );
      const { retryAfter = 0, fullAfter = 0 } = steps[2] ?? {};
      assert.ok(retryAfter > 10 && retryAfter <= 20, String(retryAfter));
      assert.ok(fullAfter > 30 && fullAfter <= 40, String(fullAfter));
    });

    it('fill at their rate', async () => {
      const client = randomUUID();
      const demand = { key: client, limit: { rate: 20, burst: 1_000 }, cost: 1_000 };
      await storage.take(client, [demand]);
      const takeOne = async () => (await storage.take(client, [{ ...demand, cost: 1 }])).taken[0];
      const taken = await until('a token has flowed in', async () => {
        const one = await takeOne();
        return one?.allowed ? one : undefined;
      });
      assert.ok(taken.remaining < 900, 'it was not forgotten');
    });

    it('give one token once, however many ask at the same time', async () => {
      const client = randomUUID();
      const all = await Promise.all(Array.from({ length: 100 }, () => take(storage, client)));
      assert.equal(all.filter(({ allowed }) => allowed).length, limit.burst);
    });

    it('are all taken from, or none', async () => {
      const client = randomUUID();
      const wide = { key: `${client} wide`, limit, cost: 3 };
      const narrow = { key: `${client} narrow`, limit: { rate: 0.001, burst: 2 }, cost: 1 };
      for (let count = 0; count < 2; count += 1) await storage.take(client, [wide, narrow]);
      const { taken } = await storage.take(client, [wide, narrow]);
      assert.deepEqual(
        taken.map(({ allowed, remaining }) => [allowed, remaining]),
        [
          [true, 14],
          [false, 0],
        ],
      );
      assert.equal((await storage.take(client, [wide])).taken[0]?.remaining, 11, 'it has lost nothing');
    });

    it('follow a limit that changes, and give all to what costs more than they hold', async () => {
      const client = randomUUID();
      assert.equal((await take(storage, client)).remaining, 19);
      assert.equal((await take(storage, client, 1, 5)).remaining, 4);
      assert.equal((await take(storage, client, 50, 5)).allowed, false);
      assert.equal((await take(storage, randomUUID(), 50, 5)).remaining, 0);
    });
  });
}

describe('Token buckets in Redis', { skip: !redisUrl }, () => {
  const url = redisUrl ?? '';

  after(async () => {
    const redis = new Redis(url);
    const left = await redis.keys(`${PREFIX}*`);
    if (left.length > 0) await redis.del(...left);
    redis.disconnect();
  });

  it('are shared by gateways: together they give what one bucket holds', async () => {
    const gateways = await Promise.all([gateway(url), gateway(url), gateway(url)]);
    const client = randomUUID();
    const takes = Array.from({ length: 300 }, (_, index) =>
      take(gateways[index % 3] as BucketStorage, client),
    );
    const allowed = (await Promise.all(takes)).filter((one) => one.allowed).length;
    gateways.forEach((one) => one.onApplicationShutdown());
    assert.equal(allowed, limit.burst);
  });

  it('are not shared with other products, and forgotten once they would be full', async () => {
    const one = await gateway(url, { prefix: `${PREFIX}-one` });
    const other = await gateway(url, { prefix: `${PREFIX}-two` });
    const client = randomUUID();
    const begun = Date.now();
    await take(one, client);
    assert.equal((await take(other, client)).remaining, 19);
    const redis = new Redis(url);
    const keys = ['one', 'two'].map((product) => `${PREFIX}-${product}:throttle:{${client}}:${client}`);
    for (const key of keys) {
      const expiry = await redis.pttl(key);
      const least = 1_000_000 - (Date.now() - begun);
      assert.ok(expiry > least && expiry <= 1_001_000, `full in 1000 s, forgotten in ${expiry} ms`);
    }
    redis.disconnect();
    [one, other].forEach((storage) => storage.onApplicationShutdown());
  });

  it('are known again after Redis has forgotten the script', async () => {
    const storage = await gateway(url);
    const client = randomUUID();
    await take(storage, client);
    const redis = new Redis(url);
    await redis.script('FLUSH');
    redis.disconnect();
    const { remaining, fromFallback } = await take(storage, client);
    storage.onApplicationShutdown();
    assert.deepEqual([remaining, fromFallback], [18, false]);
  });
});

describe('A gateway whose Redis is down', { skip: !redisUrl }, () => {
  it('counts locally meanwhile or rejects all, as configured, and shares the limit again when Redis is back', async () => {
    const port = await freePort();
    let redis = await startBroker('redis', { port });
    const settings = { ...OPEN };
    const storage = await gateway(redis.url, { settings });
    try {
      const client = randomUUID();
      assert.equal((await take(storage, client)).remaining, 19);
      await redis.stop();
      const fallback = await take(storage, client);
      assert.deepEqual([fallback.allowed, fallback.remaining, fallback.fromFallback], [true, 19, true]);
      const many = await Promise.all(Array.from({ length: 50 }, () => take(storage, client)));
      assert.equal(many.filter(({ allowed }) => allowed).length, 19, 'never without any limit');
      Object.assign(settings, { THROTTLE_WHEN_REDIS_FAILS: 'closed' });
      await assert.rejects(take(storage, client), { code: 'unavailable', details: { retryAfter: 1 } });
      Object.assign(settings, { THROTTLE_WHEN_REDIS_FAILS: 'open' });
      redis = await startBroker('redis', { port });
      await until('Redis counts again', async () => !(await take(storage, randomUUID())).fromFallback);
    } finally {
      storage.onApplicationShutdown();
      await redis.stop();
    }
  });

  it('does not wait for a Redis that hangs', async () => {
    const proxy = await LossyProxy.before(redisUrl ?? '');
    const storage = await gateway(proxy.url, { timeoutMs: 50 });
    await until('Redis counts', async () => !(await take(storage, randomUUID())).fromFallback);
    proxy.delay(() => 500);
    assert.equal((await take(storage, randomUUID())).fromFallback, true);
    storage.onApplicationShutdown();
    await proxy.close();
  });
});
