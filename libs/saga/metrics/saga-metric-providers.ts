import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { UNFINISHED } from '../store/saga-record.js';
import { ATTEMPTS, DURATION, ENDED, SagaMetrics } from './saga-metrics.js';
import type { SagaDefinitions } from '../definition/saga-definitions.js';
import { type UnfinishedSagas, WatchedSagas } from './watched-sagas.js';

const counted = [
  makeCounterProvider({
    name: ENDED,
    help: 'Sagas that have ended, by name and status',
    labelNames: ['saga', 'status'],
  }),
  makeHistogramProvider({
    name: DURATION,
    help: 'Time from the start of a saga to its end, in seconds, by name and status',
    labelNames: ['saga', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86_400],
  }),
  makeCounterProvider({
    name: ATTEMPTS,
    help: 'Attempts of steps and of undos, by saga, step, kind and outcome',
    labelNames: ['saga', 'step', 'kind', 'outcome'],
  }),
];

const unfinished = makeGaugeProvider({
  name: 'saga_unfinished',
  help: 'Sagas that have not ended, by context, name and status',
  labelNames: ['context', 'saga', 'status'],
  inject: [WatchedSagas],
  async collect(this: Gauge, watched: WatchedSagas) {
    this.reset();
    for (const [context, rows] of await watched.unfinished()) {
      for (const saga of watched.definitionsOf(context)?.names ?? []) {
        for (const status of UNFINISHED) this.set({ context, saga, status }, 0);
      }
      for (const { name, status, sagas } of rows) this.inc({ context, saga: name, status }, sagas);
    }
  },
});

type FigureOf = (rows: readonly UnfinishedSagas[], definitions: SagaDefinitions | undefined) => number;

/** A gauge with one value per context. */
function figureOfContext(name: string, help: string, figureOf: FigureOf) {
  return makeGaugeProvider({
    name,
    help,
    labelNames: ['context'],
    inject: [WatchedSagas],
    async collect(this: Gauge, watched: WatchedSagas) {
      this.reset();
      for (const [context, rows] of await watched.unfinished()) {
        this.set({ context }, figureOf(rows, watched.definitionsOf(context)));
      }
    },
  });
}

const sum = (figures: readonly number[]): number => figures.reduce((all, each) => all + each, 0);

export const sagaMetricProviders = [
  WatchedSagas,
  SagaMetrics,
  ...counted,
  unfinished,
  figureOfContext(
    'saga_oldest_unfinished_seconds',
    'Age of the oldest saga that has not ended, without those that wait for an event or a time',
    (rows) => Math.max(0, ...rows.map(({ oldestSeconds }) => oldestSeconds)),
  ),
  figureOfContext('saga_waiting', 'Sagas that wait for an event or a time', (rows) =>
    sum(rows.map(({ waiting }) => waiting)),
  ),
  figureOfContext('saga_retrying', 'Running sagas whose step has failed so far, and is retried', (rows) =>
    sum(rows.filter(({ status }) => status === 'running').map(({ failing }) => failing)),
  ),
  figureOfContext('saga_undo_failing', 'Compensating sagas whose undo has failed so far', (rows) =>
    sum(rows.filter(({ status }) => status === 'compensating').map(({ failing }) => failing)),
  ),
  figureOfContext(
    'saga_unknown_version',
    'Sagas that have not ended, of a version that this process does not know',
    (rows, definitions) => sum(rows.filter((row) => !definitions?.find(row)).map(({ sagas }) => sagas)),
  ),
];
