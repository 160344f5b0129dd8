import { setTimeout as pause } from 'node:timers/promises';

/**
 * Polls a condition and returns its first truthy value.
 * @param what completes "timed out waiting until …"
 * @throws Error after the timeout; its cause is the condition's last error
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  timeoutMs = 60_000,
): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  let lastError: unknown;
  while (Date.now() < giveUpAt) {
    try {
      const value = await condition();
      if (value) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await pause(25);
  }
  throw new Error(`timed out waiting until ${what}`, { cause: lastError });
}
