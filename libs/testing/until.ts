import { setTimeout as pause } from 'node:timers/promises';

const SOONEST_MS = 25;
const LATEST_MS = 250;

/**
 * Polls a condition and returns its first truthy value. It asks less often the longer it takes: on a busy machine, asking would
 * take the processor from what is waited for.
 * @param what completes "timed out waiting until …"
 * @throws Error after the timeout; its cause is the condition's last error
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  timeoutMs = 60_000,
): Promise<T> {
  const begun = Date.now();
  const giveUpAt = begun + timeoutMs;
  let lastError: unknown;
  while (Date.now() < giveUpAt) {
    try {
      const value = await condition();
      if (value) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await pause(Math.min(LATEST_MS, Math.max(SOONEST_MS, (Date.now() - begun) / 8)));
  }
  throw new Error(`timed out waiting until ${what}`, { cause: lastError });
}
