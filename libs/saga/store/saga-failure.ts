import { ContextError, type ErrorCode } from '@fissile/kit/contract';
import type { Failure, RetryPolicy } from '../definition/definition.js';

/** Codes that are not retryable for a client, and yet say nothing about what was asked for. */
const NO_DECISIONS: ReadonlySet<string> = new Set<ErrorCode>([
  'internal_error',
  'internal_port',
  'cancelled',
]);

/**
 * Whether somebody decided against the step, so that a retry cannot help. Everything else is a fault of the
 * surroundings or of the code, and may pass.
 */
export function isRefusal(error: unknown): error is ContextError {
  return error instanceof ContextError && !error.retryable && !NO_DECISIONS.has(error.code);
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
