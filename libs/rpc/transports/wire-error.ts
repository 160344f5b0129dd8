import { z } from 'zod';
import { ContextError, type ErrorRecord } from '@fissile/kit/contract';

const Record = z.object({
  code: z.string(),
  message: z.string(),
  status: z.int().min(400).max(599),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const answers = new WeakSet<Error>();

/** The error behind a record that came over the wire; one that is no record is a fault of the transport. */
export function errorFromWire(record: unknown): ContextError {
  const result = Record.safeParse(record);
  if (!result.success) {
    return ContextError.of('unavailable', 'The other side answered with what cannot be read');
  }
  const error = ContextError.fromRecord(result.data);
  answers.add(error);
  return error;
}

/** Whether the other side has answered with this error, rather than not at all. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && answers.has(error);
}

export function errorToWire(error: unknown): ErrorRecord {
  return (error instanceof ContextError ? error : ContextError.of('internal_error')).toRecord();
}

/** A call that did not reach its end, for whatever reason the library gives. */
export function transportFailure(context: string): ContextError {
  return ContextError.of('unavailable', `${context} cannot be reached`);
}
