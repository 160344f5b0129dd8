import { ContextError, type ContextName } from '@fissile/kit/contract';
import type { BreakerMetrics } from './breaker-metrics.js';

/** Limits concurrent calls to a target, without a queue, so that a slow target cannot exhaust this process. */
export class Bulkhead {
  private calls = 0;

  constructor(
    private readonly target: string,
    private readonly context: ContextName,
    private readonly metrics: BreakerMetrics,
  ) {}

  get inFlight(): number {
    return this.calls;
  }

  /** @throws ContextError unavailable, at once, when that many calls are in progress */
  async run<T>(most: number, work: () => Promise<T>): Promise<T> {
    if (this.calls >= most) {
      this.metrics.overloaded(this.target);
      throw ContextError.of('unavailable', `Too many requests in flight to ${this.context}`, {
        retryAfter: 1,
      });
    }
    this.calls += 1;
    try {
      return await work();
    } finally {
      this.calls -= 1;
    }
  }
}
