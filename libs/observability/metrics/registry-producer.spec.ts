import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { RegistryProducer } from './registry-producer.js';

async function collect(registry: Registry): Promise<ReadonlyMap<string, MetricData>> {
  const { resourceMetrics } = await new RegistryProducer(registry).collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
}

/** What a point says, without its times. */
function pointsOf(metric: MetricData | undefined): unknown[] {
  return (metric?.dataPoints ?? []).map(({ attributes, value }) => ({ attributes, value }));
}

describe('Metrics of a registry, for OpenTelemetry', () => {
  it('are sums since the start for counters', async () => {
    const registry = new Registry();
    const counter = new Counter({
      name: 'runs_total',
      help: 'Runs',
      labelNames: ['status'],
      registers: [registry],
    });
    counter.inc({ status: 200 }, 3);
    const metric = (await collect(registry)).get('runs_total');
    assert.partialDeepStrictEqual(metric, {
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      descriptor: { description: 'Runs' },
    });
    assert.deepEqual(pointsOf(metric), [{ attributes: { status: '200' }, value: 3 }]);
    const [point] = metric?.dataPoints ?? [];
    assert.ok(point && point.startTime[0] < Date.now() / 1000);
    assert.ok(point.endTime[0] >= point.startTime[0]);
  });

  it('are what they are now for gauges', async () => {
    const registry = new Registry();
    new Gauge({ name: 'lag_seconds', help: 'Lag', registers: [registry] }).set(-1.5);
    const metric = (await collect(registry)).get('lag_seconds');
    assert.equal(metric?.dataPointType, DataPointType.GAUGE);
    assert.deepEqual(pointsOf(metric), [{ attributes: {}, value: -1.5 }]);
  });

  it('count each value once in the buckets of histograms', async () => {
    const registry = new Registry();
    const histogram = new Histogram({
      name: 'time_seconds',
      help: 'Time',
      labelNames: ['method'],
      buckets: [1, 2, 5],
      registers: [registry],
    });
    for (const value of [0.5, 1.5, 1.6, 4, 9]) histogram.observe({ method: 'get' }, value);
    histogram.observe({ method: 'put' }, 3);
    const metric = (await collect(registry)).get('time_seconds');
    assert.equal(metric?.dataPointType, DataPointType.HISTOGRAM);
    const boundaries = [1, 2, 5];
    assert.deepEqual(pointsOf(metric), [
      {
        attributes: { method: 'get' },
        value: { buckets: { boundaries, counts: [1, 2, 1, 1] }, sum: 16.6, count: 5 },
      },
      {
        attributes: { method: 'put' },
        value: { buckets: { boundaries, counts: [0, 0, 1, 0] }, sum: 3, count: 1 },
      },
    ]);
  });

  it('are quantiles, a sum and a count for summaries', async () => {
    const registry = new Registry();
    const summary = new Summary({ name: 'size', help: 'Size', percentiles: [0.5], registers: [registry] });
    summary.observe(4);
    summary.observe(4);
    const metrics = await collect(registry);
    assert.deepEqual(pointsOf(metrics.get('size')), [{ attributes: { quantile: '0.5' }, value: 4 }]);
    assert.deepEqual(pointsOf(metrics.get('size_sum')), [{ attributes: {}, value: 8 }]);
    assert.deepEqual(pointsOf(metrics.get('size_count')), [{ attributes: {}, value: 2 }]);
  });
});
