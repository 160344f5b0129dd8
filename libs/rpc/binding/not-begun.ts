import { ContextError, hasCode } from '@fissile/kit/contract';

/** The details of a refusal by a process that has done nothing for the call, so that any call may be made again. */
export const NOT_BEGUN = { notBegun: true } as const;

export function hasNotBegun(error: unknown): boolean {
  return error instanceof ContextError && error.details['notBegun'] === true;
}

/** Whether a process takes no calls from who has called, as one of another context that has got the address. */
export function isRefusedAtPort(error: unknown): boolean {
  return hasCode(error, 'internal_port') && hasNotBegun(error);
}

/**
 * The same error for who made the call: that it has not begun is true of that call alone, and no longer of the work in which it
 * was made. That a context calls what is not for it is a fault of the product, and nothing that its client could mend; that
 * processes do not find each other passes.
 */
export function asSeenByCaller(error: unknown): unknown {
  if (!(error instanceof ContextError)) return error;
  if (isRefusedAtPort(error)) return ContextError.of('unavailable');
  if (hasNotBegun(error)) return ContextError.of('unavailable', error.message);
  return error.code === 'internal_port' ? ContextError.of('internal_error') : error;
}
