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
