export interface Backoff {
  readonly first: number;
  readonly longest: number;
}

/**
 * How long to pause before the next attempt: twice as long after each failure.
 * @param failures how many there were before this one, from 0
 */
export function backoff(failures: number, { first, longest }: Backoff): number {
  return Math.min(longest, first * 2 ** failures);
}
