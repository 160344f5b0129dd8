import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { backoff } from '@fissile/kit/async';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

const logger = new Logger('EventBus');

/**
 * Has a message received, again and again while a fault that passes lasts.
 * @returns false when the signal came first: the message is still to be handled
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
        logger.warn(`An event for ${consumer} has to wait, and is tried again: ${reason}`);
      }
    }
    const pauseMs = backoff(attempt, { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS });
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
