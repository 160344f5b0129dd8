import { z } from 'zod';

const expected = 'expected a whole number of seconds from 1 to 600';
const seconds = z.int(expected).min(1, expected).max(600, expected);

/** How long each part is measured, as the flags of `fissile advise` say it. */
export const AdviceRequest = z
  .strictObject({
    seconds: seconds.default(20).meta({ description: 'How long the product is measured' }),
    costSeconds: seconds.default(45).meta({
      description: 'How long calls, requests and processes are measured on the machine of the gateway',
    }),
  })
  .meta({ example: { seconds: 20 } });

const MeasuredResource = z.object({
  seconds: z.number(),
  topology: z.string(),
  requestsPerSecond: z.number().meta({ description: 'Answered by the gateway' }),
  medianMs: z.number().nullable().meta({ description: 'Half of the requests took at most that long' }),
  processes: z.array(
    z.object({
      name: z.string(),
      hosts: z.array(z.string()),
      instances: z.int(),
      cpu: z.number().meta({ description: 'CPU seconds a second, of all its instances' }),
      residentBytes: z.number(),
      databaseConnections: z.number(),
    }),
  ),
});

const CostAtRate = z.object({
  perSecond: z.number(),
  cpuMicros: z
    .number()
    .meta({ description: 'At both ends together, beyond what it costs within one process' }),
  latencyMs: z.number().meta({ description: 'How much longer it takes than within one process' }),
});

const CostsResource = z.object({
  transport: z.string(),
  calls: z.array(CostAtRate),
  cpuMicrosPerKilobyte: z.number(),
  proxied: z.array(CostAtRate).meta({ description: 'Requests that the gateway passes on' }),
  process: z.object({
    residentBytes: z.number(),
    idleCpu: z.number().meta({ description: 'CPU seconds a second of a process that has nothing to do' }),
  }),
});

const PredictionResource = z
  .object({
    label: z.string().meta({ example: 'billing apart' }),
    partition: z.array(z.array(z.string())).meta({ description: 'What shares a process, for each process' }),
    processes: z.int(),
    cpuMicros: z.number().meta({ description: 'Of all processes together for a request' }),
    medianMs: z.number().nullable(),
    residentBytes: z.number(),
    connections: z.object({
      database: z.number(),
      processes: z.number().meta({ description: 'Between processes' }),
    }),
    failures: z.array(z.string()).meta({ description: 'Who would have to do without whom' }),
    gains: z.array(z.string()),
  })
  .meta({ id: 'Prediction' });

/** What `fissile advise --json` prints, without what goes between the contexts. */
export const AdviceReport = z.object({
  measured: MeasuredResource,
  costs: CostsResource,
  predictions: z.array(PredictionResource).meta({ description: 'The placement of now comes first' }),
  advice: z.object({
    label: z.string().meta({ description: 'Of the placement that is advised' }),
    change: z.enum(['none', 'merge', 'more instances']),
    reason: z.string(),
  }),
});

export const AdviceResource = z
  .object({
    obstacle: z.string().nullable().meta({ description: 'Why nothing is measured here' }),
    run: z
      .object({
        startedAt: z.iso.datetime(),
        endedAt: z.iso.datetime().nullable().meta({ description: 'null while it is under way' }),
        step: z.string().meta({ description: 'What it does, or did last' }),
        error: z.string().nullable().meta({ description: 'Why it came to no advice' }),
      })
      .nullable()
      .meta({ description: 'The last one, or the one under way' }),
    report: AdviceReport.extend({ measuredAt: z.iso.datetime() })
      .nullable()
      .meta({ description: 'Of the last run that came to an advice' }),
  })
  .meta({ id: 'Advice' });

export type AdviceView = z.output<typeof AdviceResource>;
