import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { backoff } from '@fissile/kit/async';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

const logger = new Logger('EventBus');

/**
 * Passes a message to its receiver, and retries while a transient error lasts.
 * @returns false when the signal aborted first: the message is still unhandled
 */
export async function receiveUntilHandled(
  receive: () => Promise<void>,
  consumer: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await receive();
      return true;
    } catch (error) {
      if (attempt === 0) {
        const reason = error instanceof Error ? error.message : error;
        logger.warn(`An event for ${consumer} failed and will be retried: ${reason}`);
      }
    }
    const pauseMs = backoff(attempt, { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS });
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
