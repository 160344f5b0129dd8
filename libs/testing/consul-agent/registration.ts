import { z } from 'zod';
import { readGoDuration } from './go-duration.js';

const Duration = z
  .string()
  .refine((text) => readGoDuration(text) !== undefined, 'time: invalid duration')
  .transform((text) => readGoDuration(text) ?? 0);

export const STATUSES = ['passing', 'warning', 'critical'] as const;

const Check = z.object({
  CheckID: z.string().optional(),
  Name: z.string().optional(),
  HTTP: z.string(),
  Method: z.string().default('GET'),
  Header: z.record(z.string(), z.array(z.string())).default({}),
  Interval: Duration,
  Timeout: Duration.default(10_000),
  DeregisterCriticalServiceAfter: Duration.optional(),
  Status: z.enum(STATUSES).default('critical'),
  Notes: z.string().default(''),
});

/** The body of PUT /v1/agent/service/register, limited to HTTP checks. */
export const Registration = z.object({
  ID: z.string().optional(),
  Name: z.string().min(1, 'Missing service name'),
  Tags: z.array(z.string()).default([]),
  Address: z.string().default(''),
  Port: z.int().default(0),
  Meta: z.record(z.string(), z.string()).default({}),
  Weights: z.object({ Passing: z.int(), Warning: z.int() }).default({ Passing: 1, Warning: 1 }),
  EnableTagOverride: z.boolean().default(false),
  Check: Check.optional(),
  Checks: z.array(Check).default([]),
});

export type CheckStatus = (typeof STATUSES)[number];
export type RegisteredCheck = z.output<typeof Check>;
export type RegisteredService = z.output<typeof Registration>;
