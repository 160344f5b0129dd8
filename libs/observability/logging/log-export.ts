import { SeverityNumber } from '@opentelemetry/api';
import pino from 'pino';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { countLoss } from '../otlp/export-losses.js';
import type { OtlpSettings } from '../otlp/otlp.settings.js';
import { queueMeter } from '../otlp/queue-meter.js';
import type { ResourceAttributes } from '../otlp/service-resource.js';
import { exporterOptions, type SignalTarget } from '../otlp/signals.js';

export interface LogExport {
  /** Sends a line, which was redacted, as a log record. */
  send(line: string): void;
  /** Sends the rest, and takes no more. */
  stop(): Promise<void>;
}

interface Line {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly type?: string; readonly message?: string; readonly stack?: string };
  readonly traceId?: string;
  readonly spanId?: string;
}

/** The fields of a line that a log record has elsewhere: in itself, in its resource, or by the span that is active. */
const ELSEWHERE = new Set('level time msg err traceId spanId pid service version env'.split(' '));

/** By the levels of pino. */
const SEVERITIES: Readonly<Record<number, SeverityNumber>> = {
  10: SeverityNumber.TRACE,
  20: SeverityNumber.DEBUG,
  30: SeverityNumber.INFO,
  40: SeverityNumber.WARN,
  50: SeverityNumber.ERROR,
  60: SeverityNumber.FATAL,
};

/** Sends log lines to a collector from now on. The SDK is loaded only here. */
export async function startLogExport(
  target: SignalTarget,
  settings: OtlpSettings,
  attributes: ResourceAttributes,
): Promise<LogExport> {
  const { BatchLogRecordProcessor, LoggerProvider } = await import('@opentelemetry/sdk-logs');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { WatchedExporter } = await import('../otlp/watched-exporter.js');
  const exporter = new WatchedExporter(
    'logs',
    await exporterOf(target, settings),
    new URL(target.url).host,
    (records) => countLoss('logs', 'export_failed', records.length),
  );
  const processor = new BatchLogRecordProcessor({
    exporter,
    scheduledDelayMillis: settings.OTEL_BLRP_SCHEDULE_DELAY,
    selfObsMeterProvider: queueMeter('logs'),
  });
  const provider = new LoggerProvider({
    resource: resourceFromAttributes(attributes),
    processors: [processor],
  });
  const logger = provider.getLogger('fissile');
  return {
    // A line is written while the span that it belongs to is active, so the record gets that.
    send: (line) => logger.emit(recordOf(JSON.parse(line) as Line)),
    stop: () => provider.shutdown(),
  };
}

function recordOf(line: Line) {
  const { level, time, msg, err, traceId, spanId } = line;
  const rest = Object.entries(line).filter(([field]) => !ELSEWHERE.has(field));
  return {
    timestamp: time,
    severityNumber: SEVERITIES[level] ?? SeverityNumber.UNSPECIFIED,
    severityText: pino.levels.labels[level] ?? String(level),
    body: msg,
    attributes: {
      ...(Object.fromEntries(rest) as Record<string, string>),
      // Without a span, the trace is known by its id alone, which a record has no place for.
      ...(spanId === undefined && traceId !== undefined && { traceId }),
      ...(err && {
        'exception.type': err.type,
        'exception.message': err.message,
        'exception.stacktrace': err.stack,
      }),
    },
  };
}

async function exporterOf(target: SignalTarget, settings: OtlpSettings): Promise<LogRecordExporter> {
  const { OTLPLogExporter } =
    settings.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json'
      ? await import('@opentelemetry/exporter-logs-otlp-http')
      : await import('@opentelemetry/exporter-logs-otlp-proto');
  return new OTLPLogExporter(exporterOptions(target, settings));
}
