import { ContextError, type ErrorCode } from '@fissile/kit/contract';

const CODES: ReadonlySet<string> = new Set<ErrorCode>(['unavailable', 'bad_gateway', 'deadline_exceeded']);

/** Whether a call did not reach its end. Any other error of the catalogue is an answer. */
export function isNoAnswer(error: unknown): boolean {
  return error instanceof ContextError && CODES.has(error.code);
}

/** Whether the caller went away before there was an answer. */
export function isCancelled(error: unknown): boolean {
  return error instanceof ContextError && error.code === ('cancelled' satisfies ErrorCode);
}
