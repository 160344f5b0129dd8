import { z } from 'zod';
import { address, readableFile, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

/** `key=value` pairs as OpenTelemetry writes them: separated by commas, with what would disturb percent-encoded. */
const pairs = () =>
  z
    .string()
    .regex(/^\s*([^\s=,;]+\s*=[^,;]*(,|$)\s*)*$/, 'expected key=value pairs separated by commas')
    .transform((text) =>
      Object.fromEntries(
        text
          .split(',')
          .map((pair) => pair.split('=', 2).map((part) => decoded(part.trim())))
          .filter((pair): pair is [string, string] => pair.length === 2),
      ),
    )
    .default({});

const exporter = () => z.enum(['otlp', 'none'], { error: 'expected otlp or none' }).optional();
const endpoint = () => address('http', 'https').optional();

/** Names and meanings are OpenTelemetry's own: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables */
@SettingsGroup()
export class OtlpSettings extends settings({
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: endpoint(),
    description:
      'The collector, such as http://127.0.0.1:4318. It gets the traces, and logs and metrics where ' +
      'OTEL_LOGS_EXPORTER and OTEL_METRICS_EXPORTER ask for them. Without it no traces are sent: see RECENT_SPANS.',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    schema: endpoint(),
    description: 'The whole address that gets the traces, where that is another one.',
  },
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: {
    schema: endpoint(),
    description:
      'The whole address that gets the logs, where that is another one. It alone also asks for logs.',
  },
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: {
    schema: endpoint(),
    description:
      'The whole address that gets the metrics, where that is another one. It alone also asks for metrics.',
  },
  OTEL_TRACES_EXPORTER: {
    schema: exporter(),
    description: 'Whether traces are sent: otlp or none. Without it, they are when a collector is named.',
  },
  OTEL_LOGS_EXPORTER: {
    schema: exporter(),
    description:
      'Whether log lines are sent to the collector too: otlp (http://localhost:4318 where none is named) or none.',
  },
  OTEL_METRICS_EXPORTER: {
    schema: exporter(),
    description:
      'Whether what /metrics shows is sent to the collector too: otlp (http://localhost:4318 where none is named) or none.',
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    schema: z
      .enum(['http/protobuf', 'http/json'], { error: 'expected http/protobuf or http/json' })
      .default('http/protobuf'),
    description: 'How traces, logs and metrics are written on their way to the collector.',
  },
  OTEL_EXPORTER_OTLP_CERTIFICATE: {
    schema: readableFile(),
    description:
      'A PEM file with the certificates of the authorities whose certificates of the collector are trusted, in place of ' +
      'those that Node knows.',
  },
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: {
    schema: readableFile(),
    description: 'A PEM file with the certificate by which this process identifies itself to the collector.',
  },
  OTEL_EXPORTER_OTLP_CLIENT_KEY: {
    schema: readableFile(),
    description: 'A PEM file with the private key of OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE.',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    schema: pairs(),
    description: 'Headers that the collector asks for, such as api-key=…, separated by commas.',
    secret: true,
  },
  OTEL_EXPORTER_OTLP_TIMEOUT: {
    schema: wholeNumber(1, 600_000).default(10_000),
    description: 'How long the collector may take for a batch, in milliseconds.',
  },
  OTEL_SERVICE_NAME: {
    schema: z.string().min(1).optional(),
    description:
      'The name of the process in traces, logs and metrics; fissile- and the name of the process without it.',
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    schema: pairs(),
    description:
      'Further attributes of the process in traces, logs and metrics, such as deployment.environment.name=production.',
  },
  OTEL_BSP_SCHEDULE_DELAY: {
    schema: wholeNumber(1, 600_000).default(5_000),
    description: 'How long finished spans wait to be sent together, in milliseconds.',
  },
  OTEL_BLRP_SCHEDULE_DELAY: {
    schema: wholeNumber(1, 600_000).default(1_000),
    description: 'How long log lines wait to be sent together, in milliseconds.',
  },
  OTEL_METRIC_EXPORT_INTERVAL: {
    schema: wholeNumber(1, 86_400_000).default(60_000),
    description: 'How often metrics are sent, in milliseconds.',
  },
}) {}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
