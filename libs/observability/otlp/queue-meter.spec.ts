import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lossesOf } from './export-losses.js';
import { queueMeter } from './queue-meter.js';

/** Takes nothing before the test has ended. */
function slowExporter() {
  const waiting: ((result: ExportResult) => void)[] = [];
  return {
    export: (_batch: unknown, done: (result: ExportResult) => void) => void waiting.push(done),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
    finish: () => waiting.splice(0).forEach((done) => done({ code: ExportResultCode.SUCCESS })),
  };
}

const QUEUE = { maxQueueSize: 2, maxExportBatchSize: 2, scheduledDelayMillis: 60_000 };

describe('What the SDK of OpenTelemetry drops', () => {
  it('is counted for spans, when the queue is full', async () => {
    const exporter = slowExporter();
    const processor = new BatchSpanProcessor({
      exporter,
      ...QUEUE,
      selfObsMeterProvider: queueMeter('traces'),
    });
    const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test');
    const { queue_full: before } = lossesOf('traces');
    for (let span = 0; span < 7; span += 1) tracer.startSpan('s').end();
    assert.equal(lossesOf('traces').queue_full - before, 3, 'two are being sent and two wait');
    exporter.finish();
  });

  it('is counted for log records, when the queue is full', async () => {
    const exporter = slowExporter();
    const processor = new BatchLogRecordProcessor({
      exporter,
      ...QUEUE,
      selfObsMeterProvider: queueMeter('logs'),
    });
    const logger = new LoggerProvider({ processors: [processor] }).getLogger('test');
    const { queue_full: before } = lossesOf('logs');
    for (let record = 0; record < 7; record += 1) logger.emit({ body: 'b' });
    assert.equal(lossesOf('logs').queue_full - before, 3, 'two are being sent and two wait');
    exporter.finish();
  });
});
