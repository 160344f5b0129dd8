import { ContextError, type ContextName } from '@fissile/kit/contract';
import type { BreakerMetrics } from './breaker-metrics.js';

/** Keeps a target that is slow from holding everything that this process has: so many calls at a time, and no queue. */
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

  /** @throws ContextError unavailable, at once, when that many are under way */
  async run<T>(most: number, work: () => Promise<T>): Promise<T> {
    if (this.calls >= most) {
      this.metrics.overloaded(this.target);
      throw ContextError.of('unavailable', `Too much is under way to ${this.context}`, { retryAfter: 1 });
    }
    this.calls += 1;
    try {
      return await work();
    } finally {
      this.calls -= 1;
    }
  }
}
