import { Injectable } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorFunction, HealthIndicatorService } from '@nestjs/terminus';
import { runDetached } from '@fissile/kit/request';
import { sharedWhileUnderWay, withTimeout } from '@fissile/kit/async';
import { type HealthCheck, HealthRegistry, type State } from './health-registry.js';

const CHECK_TIMEOUT_MS = 2_000;

/** `healthy` when every dependency is up, with an entry for each. */
export type HealthReport = { readonly status: 'healthy' | 'unhealthy' } & Readonly<Record<string, string>>;

/** Asks every dependency of the process, through terminus. */
@Injectable()
export class DependencyChecks {
  private reporting: Promise<HealthReport> | undefined;

  constructor(
    private readonly registry: HealthRegistry,
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /**
   * Of what the process itself needs, of how it fares, and of the other processes that it knows of. Those who ask while
   * an answer is on its way share it: anyone may ask, as often as they like, and each check queries every dependency.
   */
  report(): Promise<HealthReport> {
    this.reporting ??= runDetached(() => this.lookAtAll()).finally(() => (this.reporting = undefined));
    return this.reporting;
  }

  private async lookAtAll(): Promise<HealthReport> {
    const [own, ...others] = await Promise.all([
      this.statesOf(this.registry.allChecks()),
      this.statesOf(this.registry.allVitals()),
      ...this.registry.allSources().map((source) => source()),
    ]);
    return this.toReport(others.reduce(worstOf, own));
  }

  /** Of what the process itself needs: without it, nothing can be served. Shared like the whole. */
  readonly reportOwn = sharedWhileUnderWay(() =>
    runDetached(async () => this.toReport(await this.statesOf(this.registry.allChecks()))),
  );

  private async statesOf(
    groups: ReadonlyMap<string, readonly HealthCheck[]>,
  ): Promise<Record<string, State>> {
    const checks = [...groups].map(([name, group]) => this.indicatorFor(name, group));
    const details = await this.health.check(checks).then(
      (result) => result.details,
      (error: { getResponse(): { details: Record<string, { status: string }> } }) =>
        error.getResponse().details,
    );
    const states = Object.entries(details).map(([name, { status }]) => [
      name,
      status === 'up' ? 'up' : 'down',
    ]);
    return Object.fromEntries(states) as Record<string, State>;
  }

  private toReport(states: Readonly<Record<string, State>>): HealthReport {
    const healthy = !this.registry.isLeaving && Object.values(states).every((state) => state === 'up');
    return { status: healthy ? 'healthy' : 'unhealthy', ...states };
  }

  private indicatorFor(name: string, group: readonly HealthCheck[]): HealthIndicatorFunction {
    const indicator = this.indicators.check(name);
    return async () => {
      try {
        await Promise.all(
          group.map((check) => withTimeout(check(), CHECK_TIMEOUT_MS, 'the check took too long')),
        );
        return indicator.up();
      } catch {
        return indicator.down();
      }
    };
  }
}

/** What several know, such as a database: it is down when it is down for one of them. */
function worstOf(
  one: Readonly<Record<string, State>>,
  other: Readonly<Record<string, State>>,
): Record<string, State> {
  const both = { ...one };
  for (const [name, state] of Object.entries(other)) both[name] = both[name] === 'down' ? 'down' : state;
  return both;
}
