import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { type LosableSignal, LOSS_REASONS, lossesOf } from '../otlp/export-losses.js';

export const lossMetricProviders = [
  lossCounter('traces', 'otel_spans_dropped_total', 'Spans that did not reach the collector, by reason'),
  lossCounter('logs', 'otel_logs_dropped_total', 'Log records that did not reach the collector, by reason'),
];

function lossCounter(signal: LosableSignal, name: string, help: string) {
  return makeCounterProvider({
    name,
    help,
    labelNames: ['reason'],
    collect(this: Counter) {
      this.reset();
      for (const reason of LOSS_REASONS) this.inc({ reason }, lossesOf(signal)[reason]);
    },
  });
}
