import { z } from 'zod';

/**
 * The generations of a secret that is being changed, one a line: the first one is used, all are accepted.
 * @returns at least one
 */
export function generationsOf(secret: string): readonly [string, ...string[]] {
  const [first = secret, ...others] = secret
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [first, ...others];
}

/** The schema of such a secret, whose generations all have a length at least. */
export function secretGenerations(length: number) {
  return z
    .string()
    .min(length, `expected at least ${length} characters`)
    .refine(
      (text) => generationsOf(text).every((generation) => generation.length >= length),
      `expected at least ${length} characters in each line`,
    );
}
