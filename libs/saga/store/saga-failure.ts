import { ContextError } from '@fissile/kit/contract';
import type { Failure, RetryPolicy } from '../definition/definition.js';

/** Errors of the error catalogue are final unless marked retryable; any other error may be transient. */
export function mayHelpToRetry(error: unknown): boolean {
  return !(error instanceof ContextError) || error.retryable;
}

export function isLeaseLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'LeaseLost';
}

/** What may be shown to the owner of the saga's subject: a code of the error catalogue, no internal details. */
export function codeOf(error: unknown): string {
  return error instanceof ContextError ? error.code : 'internal_error';
}

export function toFailure(error: unknown, step: string): Failure {
  if (error instanceof ContextError) return { code: error.code, message: error.message, step };
  return { code: 'internal_error', message: 'Internal server error', step };
}

/**
 * Milliseconds; they double with each attempt, with jitter so that sagas which failed at the same time do not retry
 * at the same time.
 */
export function pauseAfter(attempts: number, { firstPauseMs, longestPauseMs }: RetryPolicy): number {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(pause * (0.75 + Math.random() / 2));
}
