import { context, diag, trace } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import type { Sampler, SpanExporter } from '@opentelemetry/sdk-trace';
import { settledWithin } from '@fissile/kit/async';
import { requirePackages } from '@fissile/kit/host';
import { traceWith } from './spans.js';
import type { TracingSettings } from './tracing.settings.js';

/** A stop does not wait longer than this for the collector. */
const FLUSH_WITHIN_MS = 2_000;

export interface Tracing {
  readonly isOn: boolean;
  /** Sends what is finished, for a short while, and takes no more. Never rejects. */
  stop(): Promise<void>;
}

const SDK = [
  '@opentelemetry/sdk-trace',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/core',
  '@opentelemetry/resources',
];

const EXPORTERS: Record<TracingSettings['OTEL_EXPORTER_OTLP_PROTOCOL'], string> = {
  'http/json': '@opentelemetry/exporter-trace-otlp-http',
  'http/protobuf': '@opentelemetry/exporter-trace-otlp-proto',
};

const OFF: Tracing = { isOn: false, stop: async () => undefined };

/**
 * Takes traces from now on, when the settings name a collector. The SDK is loaded only then, so that a process without
 * traces pays neither time nor memory for it, and need not have it installed.
 * @throws MissingPackagesError when the SDK is not installed
 */
export async function startTracing(settings: TracingSettings, processName: string): Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER: sampler } = settings;
  if (endpoint === undefined || sampler === 'always_off') return OFF;
  requirePackages('OTEL_EXPORTER_OTLP_ENDPOINT', [...SDK, EXPORTERS[settings.OTEL_EXPORTER_OTLP_PROTOCOL]]);
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { WatchedExporter } = await import('./watched-exporter.js');
  const exporter = new WatchedExporter(await exporterOf(endpoint, settings), new URL(endpoint).host);
  const provider = new TracerProvider({
    sampler: await samplerOf(settings),
    resource: resourceFromAttributes({
      'service.namespace': 'fissile',
      'service.instance.id': randomUUID(),
      'fissile.process': processName,
      ...settings.OTEL_RESOURCE_ATTRIBUTES,
      'service.name': settings.OTEL_SERVICE_NAME ?? `fissile-${processName}`,
    }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(provider);
  traceWith(provider.getTracer('fissile'));
  return {
    isOn: true,
    stop: async () => {
      traceWith(undefined);
      await settledWithin(provider.shutdown(), FLUSH_WITHIN_MS);
      trace.disable();
      context.disable();
      diag.disable();
    },
  };
}

async function exporterOf(endpoint: string, settings: TracingSettings): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    settings.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: settings.OTEL_EXPORTER_OTLP_HEADERS,
    timeoutMillis: settings.OTEL_EXPORTER_OTLP_TIMEOUT,
  });
}

async function samplerOf(settings: TracingSettings): Promise<Sampler> {
  const { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler } =
    await import('@opentelemetry/sdk-trace');
  const name = settings.OTEL_TRACES_SAMPLER;
  const root = name.endsWith('traceidratio')
    ? new TraceIdRatioBasedSampler(settings.OTEL_TRACES_SAMPLER_ARG)
    : name.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new AlwaysOnSampler();
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
