import { ContextError, type ErrorCode } from '@fissile/kit/contract';

const CODES: ReadonlySet<string> = new Set<ErrorCode>(['unavailable', 'bad_gateway', 'deadline_exceeded']);

/** Whether a call got no response. Any other error of the error catalogue is a response. */
export function isNoAnswer(error: unknown): boolean {
  return error instanceof ContextError && CODES.has(error.code);
}

/** Whether the caller cancelled before a response arrived. */
export function isCancelled(error: unknown): boolean {
  return error instanceof ContextError && error.code === ('cancelled' satisfies ErrorCode);
}
