import { z } from 'zod';

export const TraceIdText = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{32}$/, 'expected a trace id: 32 hex digits, as in the traceId of an error')
  .meta({ description: 'As in the traceId of an error', example: '0af7651916cd43dd8448eb211c80319c' });

export const searchText = (description: string) =>
  z
    .string()
    .min(1, 'expected some text')
    .max(200, 'expected at most 200 characters')
    .optional()
    .meta({ description });

/** One that does not exist has done nothing, and so has an empty answer. */
export const processName = (description: string) =>
  z
    .string()
    .regex(/^[\w-]{1,100}$/, 'expected the name of a process')
    .optional()
    .meta({ description });
