import { requirePackages } from '@fissile/kit/host';
import { TlsFiles, type TlsSettingNames } from '@fissile/kit/config';
import { agentOf } from './collector-agent.js';
import type { OtlpSettings } from './otlp.settings.js';

/** What OpenTelemetry calls a signal; also the end of the path under which a collector takes it. */
export type Signal = 'traces' | 'logs' | 'metrics';

/** OpenTelemetry's default for exporters that are asked for without an address. */
const DEFAULT_ENDPOINT = 'http://localhost:4318';

const NAMES = {
  traces: { exporter: 'OTEL_TRACES_EXPORTER', endpoint: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' },
  logs: { exporter: 'OTEL_LOGS_EXPORTER', endpoint: 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT' },
  metrics: { exporter: 'OTEL_METRICS_EXPORTER', endpoint: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT' },
} as const;

/** What takes traces, whether or not they are sent. */
export const TRACING_SDK = [
  '@opentelemetry/sdk-trace',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/resources',
];

const SDK: Record<Signal, readonly string[]> = {
  traces: ['@opentelemetry/sdk-trace', '@opentelemetry/context-async-hooks'],
  logs: ['@opentelemetry/sdk-logs'],
  metrics: ['@opentelemetry/sdk-metrics'],
};

const SHARED = ['@opentelemetry/core', '@opentelemetry/resources'];

const EXPORTERS: Record<Signal, string> = {
  traces: '@opentelemetry/exporter-trace-otlp-',
  logs: '@opentelemetry/exporter-logs-otlp-',
  metrics: '@opentelemetry/exporter-metrics-otlp-',
};

/** Where a signal goes, and which setting has asked for that. */
export interface SignalTarget {
  readonly url: string;
  readonly askedBy: string;
}

/**
 * Where a signal goes; undefined when it is not sent. OpenTelemetry would send all three to OTEL_EXPORTER_OTLP_ENDPOINT. Here it
 * asks for traces alone, so that a product whose collector takes nothing else, or that has no other packages, stays as it is.
 */
export function targetOf(signal: Signal, settings: OtlpSettings): SignalTarget | undefined {
  const names = NAMES[signal];
  const { [names.exporter]: exporter, [names.endpoint]: own, OTEL_EXPORTER_OTLP_ENDPOINT: shared } = settings;
  if (exporter === 'none') return undefined;
  const url = own ?? `${(shared ?? DEFAULT_ENDPOINT).replace(/\/+$/, '')}/v1/${signal}`;
  if (exporter === 'otlp') return { url, askedBy: `${names.exporter}=otlp` };
  if (own !== undefined) return { url, askedBy: names.endpoint };
  if (signal === 'traces' && shared !== undefined) return { url, askedBy: 'OTEL_EXPORTER_OTLP_ENDPOINT' };
  return undefined;
}

/** @throws MissingPackagesError when the SDK or the exporter of the signal is not installed */
export function requireSdk(signal: Signal, { askedBy }: SignalTarget, settings: OtlpSettings): void {
  const encoding = settings.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json' ? 'http' : 'proto';
  requirePackages(askedBy, [...SDK[signal], ...SHARED, `${EXPORTERS[signal]}${encoding}`]);
}

/** The settings of the files by which connections to a collector are secured. */
export const OTLP_FILES: TlsSettingNames = {
  ca: 'OTEL_EXPORTER_OTLP_CERTIFICATE',
  cert: 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
  key: 'OTEL_EXPORTER_OTLP_CLIENT_KEY',
};

function filesOf(settings: OtlpSettings): TlsFiles {
  return new TlsFiles('OTEL_EXPORTER_OTLP', {
    ca: settings.OTEL_EXPORTER_OTLP_CERTIFICATE,
    cert: settings.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,
    key: settings.OTEL_EXPORTER_OTLP_CLIENT_KEY,
  });
}

/** What the exporters of all signals are made with. */
export function exporterOptions({ url }: SignalTarget, settings: OtlpSettings) {
  return {
    url,
    headers: settings.OTEL_EXPORTER_OTLP_HEADERS,
    timeoutMillis: settings.OTEL_EXPORTER_OTLP_TIMEOUT,
    httpAgentOptions: agentOf(filesOf(settings)),
  };
}
