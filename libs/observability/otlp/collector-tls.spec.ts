import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { Counter, register } from 'prom-client';
import { loadSettings } from '@fissile/kit/config';
import { makeTestCertificates, OtlpCollector, type TestCertificates, until } from '@fissile/kit/testing';
import { inSpan } from '../tracing/spans.js';
import { lossesOf } from './export-losses.js';
import { startTelemetry, type Telemetry } from './start-telemetry.js';

const METRIC = 'collector_tls_spec_total';
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

describe('Connections by TLS to a collector', () => {
  let certificates: TestCertificates;
  let collector: OtlpCollector;
  let telemetry: Telemetry | undefined;
  const logged: string[] = [];

  before(() => {
    certificates = makeTestCertificates();
    new Counter({ name: METRIC, help: 'Something to send.' }).inc();
  });

  beforeEach(async () => {
    collector = await OtlpCollector.open(0, certificates);
    logged.length = 0;
    mock.method(Logger.prototype, 'warn', (line: unknown) => void logged.push(String(line)));
  });

  afterEach(async () => {
    await telemetry?.stop();
    await collector.close();
    mock.restoreAll();
  });

  after(() => {
    register.removeSingleMetric(METRIC);
    certificates.remove();
  });

  async function start(more: Record<string, string | undefined> = {}): Promise<Telemetry> {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_BLRP_SCHEDULE_DELAY: '20',
      OTEL_METRIC_EXPORT_INTERVAL: '20',
      OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.ca,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: certificates.cert,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: certificates.key,
      ...more,
    };
    telemetry = await startTelemetry(loadSettings({ cwd: tmpdir(), readsYaml: false, environment }), 'alpha');
    return telemetry;
  }

  const sendSpan = () => inSpan({ name: 'a span', kind: 'internal', attributes: {} }, async () => undefined);

  for (const protocol of PROTOCOLS) {
    it(`carry traces, logs and metrics as ${protocol} with its authority and a certificate`, async () => {
      const { logs } = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
      await sendSpan();
      logs?.send(JSON.stringify({ level: 30, time: Date.now(), msg: 'hello' }));
      await until('all arrive', () =>
        [collector.spans, collector.logs, collector.metrics].every((each) => each.length > 0),
      );
      assert.deepEqual(logged, []);
    });
  }

  for (const [what, given, message] of [
    [
      'another authority',
      () => ({ OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.otherCa }),
      /OTEL_EXPORTER_OTLP_CERTIFICATE has to name a file with the authority's certificate/,
    ],
    [
      'another name',
      () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace('localhost', '127.0.0.1') }),
      /certificate is for another name .*OTEL_EXPORTER_OTLP_CERTIFICATE/,
    ],
    [
      'no certificate of its own',
      () => ({
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: undefined,
        OTEL_EXPORTER_OTLP_CLIENT_KEY: undefined,
      }),
      /client certificate that it trusts: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY/,
    ],
  ] as const) {
    it(`are refused with ${what}, and one line says what to do`, async () => {
      await start({ ...given(), OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' });
      const { export_failed: before } = lossesOf('traces');
      for (const lost of [1, 2]) {
        await sendSpan();
        await until('the span is lost', () => lossesOf('traces').export_failed - before === lost);
      }
      assert.equal(logged.length, 1, logged.join('\n'));
      assert.match(logged[0] ?? '', message);
      assert.equal(collector.requests, 0);
    });
  }

  it('are made with certificates that were renewed since the start', async () => {
    const mine = makeTestCertificates();
    try {
      copyFileSync(certificates.otherCa, mine.otherCa);
      await start({ OTEL_EXPORTER_OTLP_CERTIFICATE: mine.otherCa, OTEL_LOGS_EXPORTER: 'none' });
      await until('it is refused', () => logged.length > 0);
      copyFileSync(certificates.ca, mine.otherCa);
      await until('it is reached', () => collector.metrics.length > 0);
    } finally {
      mine.remove();
    }
  });
});
