import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ContextName } from '@fissile/kit/contract';
import { Breaker, type BreakerStatus } from './breaker.js';
import { BreakerMetrics, type BreakerState } from './breaker-metrics.js';
import { BreakerSettings } from './breaker.settings.js';

/**
 * The breakers of this process: one for the calls to each remote context, and at the edge one for the requests that
 * are forwarded to it. A local context has none: it is available, or not, together with its caller.
 */
@Injectable()
export class Breakers implements OnApplicationShutdown {
  private readonly breakers = new Map<string, Breaker>();

  constructor(
    private readonly settings: BreakerSettings,
    private readonly metrics: BreakerMetrics,
  ) {}

  /** For calls of the context's contracts. */
  forCalls(context: ContextName): Breaker {
    return this.of(context, context);
  }

  /** For requests to the context's public paths. */
  forRequests(context: ContextName): Breaker {
    return this.of(`${context}-http`, context);
  }

  /** Whether calls to the context get responses, as far as this process knows. */
  stateOfCalls(context: ContextName): BreakerState {
    return this.breakers.get(context)?.state ?? 'closed';
  }

  all(): BreakerStatus[] {
    return [...this.breakers.values()].map(({ status }) => status);
  }

  onApplicationShutdown(): void {
    for (const breaker of this.breakers.values()) breaker.close();
  }

  private of(target: string, context: ContextName): Breaker {
    const known = this.breakers.get(target) ?? new Breaker(target, context, this.settings, this.metrics);
    this.breakers.set(target, known);
    return known;
  }
}
