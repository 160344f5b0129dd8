import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { Registry } from 'prom-client';

/** A metric as a registry gives it; its types name fewer properties. */
interface RegisteredMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly RegisteredValue[];
}

interface RegisteredValue {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  /** Of histograms and summaries: which part this is, such as `…_bucket`. */
  readonly metricName?: string;
}

interface Interval {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/** Gives what a registry of prom-client holds to OpenTelemetry: sums since the process started, under the same names. */
export class RegistryProducer implements MetricProducer {
  private readonly startTime = millisToHrTime(performance.timeOrigin);

  constructor(private readonly registry: Registry) {}

  async collect(): Promise<CollectionResult> {
    const registered = (await this.registry.getMetricsAsJSON()) as unknown as RegisteredMetric[];
    const interval = { startTime: this.startTime, endTime: millisToHrTime(Date.now()) };
    const metrics = registered.flatMap((metric) => dataOf(metric, interval));
    const scopeMetrics = [{ scope: { name: 'fissile' }, metrics }];
    return { resourceMetrics: { resource: resourceFromAttributes({}), scopeMetrics }, errors: [] };
  }
}

function dataOf(metric: RegisteredMetric, interval: Interval): MetricData[] {
  const { name, type, values } = metric;
  if (type === 'histogram') return [histogramOf(metric, interval)];
  if (type === 'counter') return [sumOf(metric, values, interval)];
  if (type !== 'summary') return [gaugeOf(metric, values, interval)];
  const part = (suffix: string): RegisteredValue[] =>
    values.filter(({ metricName }) => metricName === `${name}${suffix}`);
  const quantiles = values.filter(({ labels }) => labels['quantile'] !== undefined);
  return [
    gaugeOf(metric, quantiles, interval),
    ...['_sum', '_count'].map((suffix) =>
      sumOf({ ...metric, name: `${name}${suffix}` }, part(suffix), interval),
    ),
  ];
}

function sumOf(metric: RegisteredMetric, values: readonly RegisteredValue[], interval: Interval): MetricData {
  return {
    ...described(metric),
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: values.map((value) => numberPoint(value, interval)),
  };
}

function gaugeOf(
  metric: RegisteredMetric,
  values: readonly RegisteredValue[],
  interval: Interval,
): MetricData {
  return {
    ...described(metric),
    dataPointType: DataPointType.GAUGE,
    dataPoints: values.map((value) => numberPoint(value, interval)),
  };
}

function histogramOf(metric: RegisteredMetric, interval: Interval): MetricData {
  const series = new Map<string, RegisteredValue[]>();
  for (const value of metric.values) {
    const key = JSON.stringify(attributesOf(value.labels));
    const known = series.get(key);
    if (known) known.push(value);
    else series.set(key, [value]);
  }
  return {
    ...described(metric),
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [...series.values()].map((values) => histogramPoint(metric.name, values, interval)),
  };
}

/** A registry counts in each bucket what is in the lower ones too; OpenTelemetry counts each value once. */
function histogramPoint(
  name: string,
  values: readonly RegisteredValue[],
  interval: Interval,
): DataPoint<Histogram> {
  const valueOf = (suffix: string): number =>
    values.find(({ metricName }) => metricName === `${name}${suffix}`)?.value ?? 0;
  const buckets = values
    .map(({ labels, value }) => ({ le: Number(labels['le']), value }))
    .filter(({ le }) => Number.isFinite(le))
    .sort((one, other) => one.le - other.le);
  const cumulative = [...buckets.map(({ value }) => value), valueOf('_count')];
  return {
    ...interval,
    attributes: attributesOf(values[0]?.labels ?? {}),
    value: {
      buckets: {
        boundaries: buckets.map(({ le }) => le),
        counts: cumulative.map((count, index) => count - (cumulative[index - 1] ?? 0)),
      },
      sum: valueOf('_sum'),
      count: valueOf('_count'),
    },
  };
}

function numberPoint({ value, labels }: RegisteredValue, interval: Interval): DataPoint<number> {
  return { ...interval, attributes: attributesOf(labels), value };
}

/** Labels are texts in Prometheus, whatever they were given as; the bound of a bucket is none of OpenTelemetry's. */
function attributesOf(labels: RegisteredValue['labels']): Attributes {
  const kept = Object.entries(labels).filter(([name]) => name !== 'le');
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function described({ name, help }: RegisteredMetric) {
  return {
    descriptor: { name, description: help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
}
