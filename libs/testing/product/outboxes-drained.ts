import { until } from '../until.js';
import { type DatabasesOfContexts, findLeftovers, type LeftoverOptions } from './leftovers.js';

const WITHIN_MS = 60_000;

export interface DrainedOptions extends LeftoverOptions {
  readonly withinMs?: number;
}

/**
 * Waits until everything that was begun has ended: no event waits in an outbox or for an inbox, nothing became a dead
 * letter, and no saga is running.
 * @throws Error that names what is left
 */
export async function outboxesDrained(
  running: DatabasesOfContexts,
  { withinMs = WITHIN_MS, ...options }: DrainedOptions = {},
): Promise<void> {
  let left: readonly string[] = [];
  try {
    await until(
      'all is drained',
      async () => {
        left = await findLeftovers(running, options);
        // A dead letter does not go away by waiting.
        return left.length === 0 || left.some((line) => line.includes('dead letter'));
      },
      withinMs,
    );
  } catch (error) {
    if (left.length === 0) throw error;
  }
  if (left.length > 0) throw new Error(`not drained:\n${left.map((line) => `  - ${line}`).join('\n')}`);
}
