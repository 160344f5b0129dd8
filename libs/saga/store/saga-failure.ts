import { ContextError } from '@fissile/kit/contract';
import type { Failure, RetryPolicy } from '../definition/definition.js';

/** Refusals of the catalogue are final; anything else may be a passing fault. */
export function mayHelpToRetry(error: unknown): boolean {
  return !(error instanceof ContextError) || error.retryable;
}

export function isLeaseLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'LeaseLost';
}

/** What may be shown to the owner of the saga's subject: a code of the catalogue, nothing of the inside. */
export function codeOf(error: unknown): string {
  return error instanceof ContextError ? error.code : 'internal_error';
}

export function toFailure(error: unknown, step: string): Failure {
  if (error instanceof ContextError) return { code: error.code, message: error.message, step };
  return { code: 'internal_error', message: 'Internal server error', step };
}

/** Milliseconds; they double with each attempt, and vary so that sagas which failed together do not come back together. */
export function pauseAfter(attempts: number, { firstPauseMs, longestPauseMs }: RetryPolicy): number {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(pause * (0.75 + Math.random() / 2));
}
