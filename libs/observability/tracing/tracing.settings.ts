import { z } from 'zod';
import { flag, settings, SettingsGroup } from '@fissile/kit/config';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Names that begin with OTEL_ are OpenTelemetry's own, with their meanings. */
@SettingsGroup()
export class TracingSettings extends settings({
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
  TRACE_TRUST_INCOMING: {
    schema: flag().default(false),
    description:
      "Whether a client's traceparent is continued at the gateway, and so decides on the sampling, and its baggage is passed " +
      'on. Otherwise each request starts a trace of its own, which links to that of the client. For gateways that only ' +
      'known callers reach.',
  },
}) {}
