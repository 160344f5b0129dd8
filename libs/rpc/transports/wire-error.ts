import { z } from 'zod';
import { ContextError, type ErrorDetails, type ErrorRecord } from '@fissile/kit/contract';

const Record = z.object({
  code: z.string(),
  message: z.string(),
  status: z.int().min(400).max(599),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const answers = new WeakSet<Error>();

/** Decodes an error received from the remote side; an invalid record becomes a transport failure. */
export function errorFromWire(record: unknown): ContextError {
  const result = Record.safeParse(record);
  if (!result.success) {
    return ContextError.of('unavailable', 'The other side answered with what cannot be read');
  }
  const error = ContextError.fromRecord(result.data);
  answers.add(error);
  return error;
}

/** Whether the remote side responded with this error, as opposed to no response at all. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && answers.has(error);
}

export function errorToWire(error: unknown): ErrorRecord {
  return (error instanceof ContextError ? error : ContextError.of('internal_error')).toRecord();
}

/** The error of a call that got no response, for whatever reason the library reports. */
export function transportFailure(context: string, details: ErrorDetails = {}): ContextError {
  return ContextError.of('unavailable', `${context} cannot be reached`, details);
}
