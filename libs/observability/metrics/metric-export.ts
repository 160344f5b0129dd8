import { register } from 'prom-client';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { OtlpSettings } from '../otlp/otlp.settings.js';
import type { ResourceAttributes } from '../otlp/service-resource.js';
import { exporterOptions, type SignalTarget } from '../otlp/signals.js';

/**
 * Sends what /metrics shows to a collector from now on, again and again. The SDK is loaded only here. Returns what sends a
 * last time, and ends it.
 */
export async function startMetricExport(
  target: SignalTarget,
  settings: OtlpSettings,
  attributes: ResourceAttributes,
): Promise<() => Promise<void>> {
  const { MeterProvider, PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { WatchedExporter } = await import('../otlp/watched-exporter.js');
  const { RegistryProducer } = await import('./registry-producer.js');
  const exporter = new WatchedExporter(
    'metrics',
    await exporterOf(target, settings),
    new URL(target.url).host,
  );
  const { OTEL_METRIC_EXPORT_INTERVAL: interval, OTEL_EXPORTER_OTLP_TIMEOUT: timeout } = settings;
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: interval,
    exportTimeoutMillis: Math.min(interval, timeout),
    metricProducers: [new RegistryProducer(register)],
  });
  const provider = new MeterProvider({ resource: resourceFromAttributes(attributes), readers: [reader] });
  return () => provider.shutdown();
}

async function exporterOf(target: SignalTarget, settings: OtlpSettings): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } =
    settings.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json'
      ? await import('@opentelemetry/exporter-metrics-otlp-http')
      : await import('@opentelemetry/exporter-metrics-otlp-proto');
  return new OTLPMetricExporter(exporterOptions(target, settings));
}
