import { randomInt } from 'node:crypto';

/** Systems give outgoing connections ports from 32768 or 49152 on. */
const LOWEST = 20_000;
const HIGHEST = 32_767;

/**
 * A port that may be free, for a program that will listen later: no outgoing connection takes one of these before it does,
 * and two who choose at the same time hardly choose the same.
 */
export function quietPort(): number {
  return randomInt(LOWEST, HIGHEST + 1);
}
