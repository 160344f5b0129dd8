import { z } from 'zod';
import { address, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

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

/** Names and meanings are OpenTelemetry's own: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables */
@SettingsGroup()
export class TracingSettings extends settings({
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: address('http', 'https').optional(),
    description:
      'The collector that gets the traces, such as http://127.0.0.1:4318. Without it no traces are taken.',
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    schema: z
      .enum(['http/protobuf', 'http/json'], { error: 'expected http/protobuf or http/json' })
      .default('http/protobuf'),
    description: 'How traces are written on their way to the collector.',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    schema: pairs(),
    description: 'Headers that the collector asks for, such as api-key=…, separated by commas.',
    secret: true,
  },
  OTEL_EXPORTER_OTLP_TIMEOUT: {
    schema: wholeNumber(1, 600_000).default(10_000),
    description: 'How long the collector may take for a batch of traces, in milliseconds.',
  },
  OTEL_SERVICE_NAME: {
    schema: z.string().min(1).optional(),
    description: 'The name of the process in traces; fissile- and the name of the process without it.',
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    schema: pairs(),
    description:
      'Further attributes of the process in traces, such as deployment.environment.name=production.',
  },
  OTEL_TRACES_SAMPLER: {
    schema: z
      .enum(SAMPLERS, { error: `expected one of ${SAMPLERS.join(', ')}` })
      .default('parentbased_always_on'),
    description:
      'Which requests are traced. parentbased_… follows the decision that comes with a request; the others decide anew ' +
      'in every process, and can leave holes in a trace.',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: z.coerce
      .number('expected a number from 0 to 1')
      .min(0, 'expected a number from 0 to 1')
      .max(1, 'expected a number from 0 to 1')
      .default(1),
    description: 'The share of requests that a …traceidratio sampler takes, from 0 to 1.',
  },
  OTEL_BSP_SCHEDULE_DELAY: {
    schema: wholeNumber(1, 600_000).default(5_000),
    description: 'How long finished spans wait to be sent together, in milliseconds.',
  },
}) {}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
