import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TerminusModule } from '@nestjs/terminus';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import { DependencyChecks } from './dependency-checks.js';
import { EventLoopLag } from './event-loop-lag.js';
import { HealthController } from './health.controller.js';
import { HealthRegistry } from './health-registry.js';
import { HealthSettings } from './health.settings.js';
import { DATA_FOLDER, ProcessVitals } from './process-vitals.js';

const WELL = {
  HEALTH_DISK_MIN_FREE_MB: 1,
  HEALTH_MEMORY_MAX_MB: undefined as number | undefined,
  HEALTH_EVENT_LOOP_MAX_LAG_MS: 500,
};
const settings = { ...WELL };
const lag = { lastingMs: 0, start: () => undefined, stop: () => undefined };

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [
    HealthRegistry,
    DependencyChecks,
    ProcessVitals,
    { provide: HealthSettings, useValue: settings },
    { provide: EventLoopLag, useValue: lag },
    { provide: DATA_FOLDER, useValue: 'a/folder/that/is/not/there/yet' },
  ],
})
class ProcessOfTheTest {}

describe('The health of a process', () => {
  let app: NestFastifyApplication;
  let database: () => Promise<unknown>;

  before(async () => {
    app = await NestFactory.create<NestFastifyApplication>(ProcessOfTheTest, new FastifyAdapter(), {
      logger: false,
    });
    registryOf(app).add('database', () => database());
    await app.init();
  });

  beforeEach(() => {
    Object.assign(settings, WELL);
    lag.lastingMs = 0;
    database = async () => undefined;
  });

  after(() => app.close());

  const registryOf = (process: INestApplication): HealthRegistry => process.get(HealthRegistry);

  async function ask(path: string): Promise<unknown> {
    const { statusCode, body } = await app.inject({ method: 'GET', url: path });
    return { code: statusCode, ...(JSON.parse(body) as object) };
  }

  const vitals = { disk: 'up', memory: 'up', event_loop: 'up' };

  it('has not started until all listens, and has started for ever after', async () => {
    assert.deepEqual(await ask('/health/startup'), { code: 503, status: 'unhealthy' });
    registryOf(app).announceStart();
    assert.deepEqual(await ask('/health/startup'), { code: 200, status: 'healthy' });
    database = () => Promise.reject(new Error('down'));
    assert.deepEqual(await ask('/health/startup'), { code: 200, status: 'healthy' });
  });

  it('reports its dependencies, its disk, its memory and its event loop', async () => {
    assert.deepEqual(await ask('/health'), { code: 200, status: 'healthy', database: 'up', ...vitals });
  });

  it('is alive whatever it depends on, and ready when it has what it needs', async () => {
    database = () => Promise.reject(new Error('down'));
    assert.deepEqual(await ask('/health/live'), { code: 200, status: 'healthy' });
    assert.deepEqual(await ask('/health/ready'), { code: 503, status: 'unhealthy', database: 'down' });
    const report = { code: 503, status: 'unhealthy', database: 'down', ...vitals };
    assert.deepEqual(await ask('/health'), report);
  });

  const troubles: [string, () => void][] = [
    ['disk', () => (settings.HEALTH_DISK_MIN_FREE_MB = 1_000_000_000)],
    ['memory', () => (settings.HEALTH_MEMORY_MAX_MB = 32)],
    ['event_loop', () => (lag.lastingMs = 501)],
  ];
  for (const [name, bringAbout] of troubles) {
    it(`says when its ${name} is in trouble, and stays ready, for the others are no better off`, async () => {
      bringAbout();
      const report = { code: 503, status: 'unhealthy', database: 'up', ...vitals, [name]: 'down' };
      assert.deepEqual(await ask('/health'), report);
      assert.deepEqual(await ask('/health/ready'), { code: 200, status: 'healthy', database: 'up' });
      assert.deepEqual(await ask('/health/live'), { code: 200, status: 'healthy' });
    });
  }

  it('checks everything once for all requests at the same time', async () => {
    let looks = 0;
    let letGo: (() => void) | undefined;
    database = () => {
      looks += 1;
      return new Promise<void>((resolve) => (letGo = resolve));
    };
    const responses = Promise.all([ask('/health'), ask('/health'), ask('/health')]);
    await until('the database is queried', () => letGo);
    await new Promise((resolve) => setImmediate(resolve));
    letGo?.();
    for (const answer of await responses) assert.equal((answer as { code: number }).code, 200);
    assert.equal(looks, 1);
  });

  it('asks for no requests once it is stopping', async () => {
    registryOf(app).announceStop();
    assert.deepEqual(await ask('/health/ready'), { code: 503, status: 'unhealthy' });
    assert.deepEqual(await ask('/health/live'), { code: 200, status: 'healthy' });
    assert.deepEqual(await ask('/health/startup'), { code: 200, status: 'healthy' });
  });
});

describe('The lag of the event loop', () => {
  it('counts when it lasts, and is gone when it has passed', async () => {
    const measured = new EventLoopLag(50);
    measured.start();
    try {
      block(300);
      await nextTick();
      assert.equal(measured.lastingMs, 0, 'once is not for long');
      const busy = setInterval(() => block(120), 25);
      await until('it has been late for a while', () => measured.lastingMs > 50).finally(() =>
        clearInterval(busy),
      );
      await until('it is on time again', () => measured.lastingMs < 50);
    } finally {
      measured.stop();
    }
  });

  function block(ms: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  }

  const nextTick = (): Promise<void> => new Promise((done) => setImmediate(done));
});
