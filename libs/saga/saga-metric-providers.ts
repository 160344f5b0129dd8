import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { UNFINISHED } from './saga-record.js';
import { ATTEMPTS, DURATION, ENDED, SagaMetrics } from './saga-metrics.js';
import { WatchedSagas } from './watched-sagas.js';

const BY_STATUS = `
  SELECT name, status, count(*)::integer AS sagas FROM sagas
  WHERE status IN ('running', 'compensating') GROUP BY name, status`;

const OLDEST = `
  SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS figure FROM sagas
  WHERE status IN ('running', 'compensating') AND waiting IS NULL`;

const WAITING = `
  SELECT count(*)::integer AS figure FROM sagas WHERE status = 'running' AND waiting IS NOT NULL`;

const UNDO_FAILING = `
  SELECT count(*)::integer AS figure FROM sagas WHERE status = 'compensating' AND attempts > 0`;

const UNKNOWN_VERSION = `
  SELECT count(*)::integer AS figure FROM sagas
  WHERE status IN ('running', 'compensating') AND NOT name || ':' || version = ANY($1)`;

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
    type Row = { name: string; status: string; sagas: number };
    await watched.read<Row>(BY_STATUS, (context, rows, { definitions }) => {
      for (const saga of definitions.names) {
        for (const status of UNFINISHED) this.set({ context, saga, status }, 0);
      }
      for (const { name, status, sagas } of rows) this.set({ context, saga: name, status }, sagas);
    });
  },
});

const unknownVersion = makeGaugeProvider({
  name: 'saga_unknown_version',
  help: 'Sagas that have not ended, of a version that this process does not know',
  labelNames: ['context'],
  inject: [WatchedSagas],
  async collect(this: Gauge, watched: WatchedSagas) {
    this.reset();
    await watched.read<{ figure: number }>(
      UNKNOWN_VERSION,
      (context, [row]) => this.set({ context }, row?.figure ?? 0),
      ({ definitions }) => [definitions.keys],
    );
  },
});

/** A gauge with one figure for each context. */
function figureOfContext(name: string, help: string, sql: string) {
  return makeGaugeProvider({
    name,
    help,
    labelNames: ['context'],
    inject: [WatchedSagas],
    async collect(this: Gauge, watched: WatchedSagas) {
      this.reset();
      await watched.read<{ figure: number }>(sql, (context, [row]) =>
        this.set({ context }, row?.figure ?? 0),
      );
    },
  });
}

export const sagaMetricProviders = [
  WatchedSagas,
  SagaMetrics,
  ...counted,
  unfinished,
  figureOfContext(
    'saga_oldest_unfinished_seconds',
    'Age of the oldest saga that has not ended, without those that wait for an event or a time',
    OLDEST,
  ),
  figureOfContext('saga_waiting', 'Sagas that wait for an event or a time', WAITING),
  figureOfContext('saga_undo_failing', 'Compensating sagas whose undo has failed so far', UNDO_FAILING),
  unknownVersion,
];
