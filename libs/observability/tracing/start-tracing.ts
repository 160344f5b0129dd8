import { context, diag, trace } from '@opentelemetry/api';
import type { Sampler, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { countLoss } from '../otlp/export-losses.js';
import type { OtlpSettings } from '../otlp/otlp.settings.js';
import { queueMeter } from '../otlp/queue-meter.js';
import type { ResourceAttributes } from '../otlp/service-resource.js';
import { exporterOptions, type SignalTarget } from '../otlp/signals.js';
import type { RecentSpans } from '../recent/recent-spans.js';
import { traceWith } from './spans.js';
import type { TracingSettings } from './tracing.settings.js';

/** Where spans go: to a collector, to what is kept in memory, or to both. */
export interface SpanTargets {
  readonly collector: SignalTarget | undefined;
  readonly recent: RecentSpans;
}

/**
 * Takes traces from now on. The SDK is loaded only here, so that a process without traces pays neither time nor memory for it,
 * and need not have it installed. Returns what sends the rest and takes no more.
 */
export async function startTracing(
  { collector, recent }: SpanTargets,
  otlp: OtlpSettings,
  settings: TracingSettings,
  attributes: ResourceAttributes,
): Promise<() => Promise<void>> {
  const { TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const sending = collector && (await sendingProcessor(collector, otlp));
  const provider = new TracerProvider({
    sampler: await samplerOf(settings),
    resource: resourceFromAttributes(attributes),
    spanProcessors: [...(sending ? [sending] : []), ...(recent.isOn ? [recent] : [])],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(provider);
  traceWith(provider.getTracer('fissile'), sending !== undefined);
  return async () => {
    traceWith(undefined);
    await provider.shutdown();
    trace.disable();
    context.disable();
    diag.disable();
  };
}

async function sendingProcessor(target: SignalTarget, otlp: OtlpSettings): Promise<SpanProcessor> {
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const { WatchedExporter } = await import('../otlp/watched-exporter.js');
  const exporter = new WatchedExporter(
    'traces',
    await exporterOf(target, otlp),
    new URL(target.url).host,
    (spans) => countLoss('traces', 'export_failed', spans.length),
  );
  return new BatchSpanProcessor({
    exporter,
    scheduledDelayMillis: otlp.OTEL_BSP_SCHEDULE_DELAY,
    selfObsMeterProvider: queueMeter('traces'),
  });
}

async function exporterOf(target: SignalTarget, settings: OtlpSettings): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    settings.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter(exporterOptions(target, settings));
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
