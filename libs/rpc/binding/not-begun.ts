import { ContextError } from '@fissile/kit/contract';

/** The details of a refusal by a process that has done nothing for the call, so that any call may be made again. */
export const NOT_BEGUN = { notBegun: true } as const;

export function hasNotBegun(error: unknown): boolean {
  return error instanceof ContextError && error.details['notBegun'] === true;
}
