import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { register } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { ContextError } from '@fissile/kit/contract';
import { defineSaga, noUndo, type SagaDefinition } from '../definition/definition.js';
import { SagaDefinitions } from '../definition/saga-definitions.js';
import { SagaMetrics } from './saga-metrics.js';
import { SAGA_MIGRATIONS } from '../store/saga.migration.js';
import { SagaModule } from '../saga.module.js';
import { TestEngines } from '../engine/test-engines.spec.js';
import { WatchedSagas } from './watched-sagas.js';

@Module({ imports: [SagaModule.forProcess()] })
class ProcessOfTheTest {}

describe('The metrics of sagas', () => {
  let opened: TestDatabase;
  let app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;
  const engines = new TestEngines(() => opened.database);
  const fails = (): Promise<void> => Promise.reject(ContextError.of('saga_ended'));
  const nothing = async (): Promise<void> => undefined;
  const trip: SagaDefinition<{ id: string }> = defineSaga<{ id: string }>({
    name: 'trip',
    version: 1,
    subject: ({ id }) => id,
    steps: (step) => [
      step.transaction('note', { do: nothing, undo: noUndo('a test') }),
      step.call('hotel', { do: fails, undo: step.undoByCall('cancel-hotel', nothing) }),
    ],
  });

  before(async () => {
    opened = await openTestDatabase({ migrations: SAGA_MIGRATIONS });
    app = await NestFactory.createApplicationContext(ProcessOfTheTest, { logger: false });
  });

  after(async () => {
    await engines.stop();
    await app.close();
    await opened.close();
  });

  const figuresOf = async (metric: string) =>
    (await register.getSingleMetric(metric)?.get())?.values.map(({ labels, value }) => ({
      ...labels,
      value,
    }));

  it('count ends and attempts', async () => {
    const { engine } = engines.make({ metrics: app.get(SagaMetrics) });
    engine.register(trip);
    await engine.waitForEnd(await engine.start(trip, { id: 'a' }), 10_000);
    assert.deepEqual(await figuresOf('saga_ended_total'), [
      { saga: 'trip', status: 'compensated', value: 1 },
    ]);
    const common = { saga: 'trip', value: 1 };
    assert.deepEqual(await figuresOf('saga_step_attempts_total'), [
      { ...common, step: 'note', kind: 'do', outcome: 'ok' },
      { ...common, step: 'hotel', kind: 'do', outcome: 'failed' },
      { ...common, step: 'cancel-hotel', kind: 'undo', outcome: 'ok' },
    ]);
  });

  it('look into the databases of all contexts of the process when they are collected', async () => {
    const definitions = new SagaDefinitions();
    definitions.add(trip as never);
    app.get(WatchedSagas).add({ database: opened.database, definitions });
    await insert('trip', 1, 'compensating', 2);
    await insert('trip', 9, 'running', 0);
    assert.deepEqual(await figuresOf('saga_unfinished'), [
      { context: 'test', saga: 'trip', status: 'running', value: 1 },
      { context: 'test', saga: 'trip', status: 'compensating', value: 1 },
    ]);
    for (const metric of ['saga_undo_failing', 'saga_unknown_version']) {
      assert.deepEqual(await figuresOf(metric), [{ context: 'test', value: 1 }], metric);
    }
    assert.deepEqual(await figuresOf('saga_retrying'), [{ context: 'test', value: 0 }]);
    await opened.database.query(`UPDATE sagas SET attempts = 2 WHERE status = 'running'`);
    const [retrying] = (await figuresOf('saga_retrying')) ?? [];
    assert.ok(retrying && retrying.value > 0);
    const [oldest] = (await figuresOf('saga_oldest_unfinished_seconds')) ?? [];
    assert.ok(oldest && oldest.value >= 60);
  });

  const insert = (name: string, version: number, status: string, attempts: number) =>
    opened.database.query(
      `INSERT INTO sagas (id, name, version, subject, status, attempts, position, data, timeline, lease_until, created_at)
       VALUES ($1, $2, $3, '', $4, $5, 0, '{}', '[]', now(), now() - interval '1 minute')`,
      [uuidv7(), name, version, status, attempts],
    );
});
