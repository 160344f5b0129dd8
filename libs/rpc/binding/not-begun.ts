import { ContextError } from '@fissile/kit/contract';

/** The details of a refusal by a process that has done nothing for the call, so that any call may be made again. */
export const NOT_BEGUN = { notBegun: true } as const;

export function hasNotBegun(error: unknown): boolean {
  return error instanceof ContextError && error.details['notBegun'] === true;
}

/**
 * The same error for who made the call: that it has not begun is true of that call alone, and no longer of the work in which it
 * was made.
 */
export function asSeenByCaller(error: unknown): unknown {
  return error instanceof ContextError && hasNotBegun(error) ? ContextError.of('unavailable', error.message) : error;
}
