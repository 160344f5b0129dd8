import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OtlpSettings } from './otlp.settings.js';
import { type Signal, targetOf } from './signals.js';

const urlsOf = (settings: Partial<OtlpSettings>) =>
  Object.fromEntries(
    (['traces', 'logs', 'metrics'] satisfies Signal[]).map((signal) => [
      signal,
      targetOf(signal, settings as OtlpSettings)?.url,
    ]),
  );

const COLLECTOR = 'http://127.0.0.1:4318';

describe('What is sent to a collector', () => {
  for (const [when, settings, sent] of [
    ['nothing is set', {}, {}],
    [
      'a collector is named',
      { OTEL_EXPORTER_OTLP_ENDPOINT: `${COLLECTOR}/` },
      { traces: `${COLLECTOR}/v1/traces` },
    ],
    [
      'a collector is named and all are asked for',
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR,
        OTEL_LOGS_EXPORTER: 'otlp',
        OTEL_METRICS_EXPORTER: 'otlp',
      },
      { traces: `${COLLECTOR}/v1/traces`, logs: `${COLLECTOR}/v1/logs`, metrics: `${COLLECTOR}/v1/metrics` },
    ],
    [
      'logs are asked for, and no collector is named',
      { OTEL_LOGS_EXPORTER: 'otlp' },
      { logs: 'http://localhost:4318/v1/logs' },
    ],
    [
      'signals have addresses of their own',
      {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/t',
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://b/l',
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c/m',
      },
      { traces: 'http://a/t', logs: 'http://b/l', metrics: 'http://c/m' },
    ],
    [
      'signals are refused',
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR,
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://b/l',
      },
      {},
    ],
  ] satisfies [string, Partial<OtlpSettings>, Partial<Record<Signal, string>>][]) {
    it(`is ${Object.keys(sent).join(', ') || 'nothing'} when ${when}`, () => {
      assert.deepEqual(urlsOf(settings), { traces: undefined, logs: undefined, metrics: undefined, ...sent });
    });
  }
});
