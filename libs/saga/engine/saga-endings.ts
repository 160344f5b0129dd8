import { Injectable } from '@nestjs/common';
import type { SagaRecord } from '../store/saga-record.js';
import { SagaStore } from '../store/saga-store.js';

/**
 * A saga may end in another process, including one that took it over; then only a poll of the database shows the end.
 */
const POLL_EVERY_MS = 250;

type Listener = (saga: SagaRecord) => void;

type Condition = (saga: SagaRecord) => boolean;

/** Lets callers wait for the end of a saga, or until it waits itself. */
@Injectable()
export class SagaEndings {
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(private readonly store: SagaStore) {}

  /** Called by the run that brought the saga to its end, or to a wait. */
  notify(saga: SagaRecord): void {
    for (const listener of this.listeners.get(saga.id) ?? []) listener(saga);
  }

  /** Returns the saga when the condition holds; undefined when it takes longer than the timeout. */
  async wait(sagaId: string, timeoutMs: number, isReached: Condition): Promise<SagaRecord | undefined> {
    const until = Date.now() + timeoutMs;
    for (let left = timeoutMs; left > 0; left = until - Date.now()) {
      const notified = await this.listen(sagaId, Math.min(left, POLL_EVERY_MS));
      if (notified && isReached(notified)) return notified;
      const found = await this.store.find(sagaId);
      if (found && isReached(found)) return found;
    }
    return undefined;
  }

  private listen(sagaId: string, timeoutMs: number): Promise<SagaRecord | undefined> {
    return new Promise((resolve) => {
      const listeners = this.listeners.get(sagaId) ?? new Set();
      this.listeners.set(sagaId, listeners);
      const settle = (saga?: SagaRecord): void => {
        clearTimeout(timer);
        listeners.delete(settle);
        if (listeners.size === 0) this.listeners.delete(sagaId);
        resolve(saga);
      };
      const timer = setTimeout(settle, timeoutMs);
      listeners.add(settle);
    });
  }
}
