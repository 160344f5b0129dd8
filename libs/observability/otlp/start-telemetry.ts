import { settledWithin } from '@fissile/kit/async';
import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { type LogExport, startLogExport } from '../logging/log-export.js';
import { startMetricExport } from '../metrics/metric-export.js';
import { RecentTelemetry } from '../recent/recent-telemetry.js';
import { randomHex } from '../tracing/random-hex.js';
import { startTracing } from '../tracing/start-tracing.js';
import { TracingSettings } from '../tracing/tracing.settings.js';
import { OtlpSettings } from './otlp.settings.js';
import { type ResourceAttributes, resourceAttributes } from './service-resource.js';
import { requireSdk, type Signal, targetOf } from './signals.js';

/** A stop does not wait longer than this for the collector. */
const FLUSH_WITHIN_MS = 2_000;

/** What a process sends to a collector of OpenTelemetry, and keeps for its operators. */
export interface Telemetry {
  /** Whether traces are sent. */
  readonly isTracing: boolean;
  readonly recent: RecentTelemetry;
  /** Gets each log line; undefined when logs are not sent. */
  readonly logs: LogExport | undefined;
  /** Who the process is, in each signal. */
  readonly attributes: ResourceAttributes;
  /** Sends what is finished, for a short while, and takes no more. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Sends traces, logs and metrics from now on, and keeps the last traces and logs, as far as the settings ask for them.
 * @throws MissingPackagesError when what is asked for needs packages that are not installed
 */
export async function startTelemetry(loaded: LoadedSettings, processName: string): Promise<Telemetry> {
  const otlp = settingsOf(OtlpSettings, loaded);
  const tracing = settingsOf(TracingSettings, loaded);
  const attributes = resourceAttributes(otlp, processName);
  const wanted = (signal: Signal) => {
    const target = targetOf(signal, otlp);
    if (target) requireSdk(signal, target, otlp);
    return target;
  };
  const traces = tracing.OTEL_TRACES_SAMPLER === 'always_off' ? undefined : wanted('traces');
  const [logs, metrics] = [wanted('logs'), wanted('metrics')];
  const recent = RecentTelemetry.of(loaded, randomHex(4));
  const takesTraces = traces !== undefined || recent.spans.isOn;
  const targets = { collector: traces, recent: recent.spans };
  const stopTraces = takesTraces ? await startTracing(targets, otlp, tracing, attributes) : undefined;
  const logExport = logs && (await startLogExport(logs, otlp, attributes));
  const stopMetrics = metrics && (await startMetricExport(metrics, otlp, attributes));
  return {
    isTracing: traces !== undefined,
    recent,
    logs: logExport,
    attributes,
    stop: async () => {
      const stops = [stopTraces, logExport?.stop, stopMetrics].filter((stop) => stop !== undefined);
      await settledWithin(Promise.allSettled(stops.map((stop) => stop())), FLUSH_WITHIN_MS);
    },
  };
}
