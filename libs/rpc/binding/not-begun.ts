import { ContextError } from '@fissile/kit/contract';

/** The details of a refusal by a process that has done nothing for the call, so that any call may be made again. */
export const NOT_BEGUN = { notBegun: true } as const;

export function hasNotBegun(error: unknown): boolean {
  return error instanceof ContextError && error.details['notBegun'] === true;
}

/**
 * The same error for who made the call: that it has not begun is true of that call alone, and no longer of the work in which it
 * was made. That a context calls what is not for it is a fault of the product, and nothing that its client could mend.
 */
export function asSeenByCaller(error: unknown): unknown {
  if (!(error instanceof ContextError)) return error;
  if (hasNotBegun(error)) return ContextError.of('unavailable', error.message);
  return error.code === 'internal_port' ? ContextError.of('internal_error') : error;
}
