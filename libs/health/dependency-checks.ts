import { Injectable } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorFunction, HealthIndicatorService } from '@nestjs/terminus';
import { type HealthCheck, HealthRegistry } from './health-registry.js';

const CHECK_TIMEOUT_MS = 2_000;

/** `healthy` when every dependency is up, with an entry for each. */
export type HealthReport = { readonly status: 'healthy' | 'unhealthy' } & Readonly<Record<string, string>>;

/** Asks every dependency of the process, through terminus. */
@Injectable()
export class DependencyChecks {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async report(): Promise<HealthReport> {
    const checks = [...this.registry.all()].map(([name, group]) => this.indicatorFor(name, group));
    const details = await this.health.check(checks).then(
      (result) => result.details,
      (error: { getResponse(): { details: Record<string, { status: string }> } }) =>
        error.getResponse().details,
    );
    const states = Object.entries(details).map(([name, { status }]) => [name, status] as const);
    const healthy = !this.registry.isStopping && states.every(([, status]) => status === 'up');
    return { status: healthy ? 'healthy' : 'unhealthy', ...Object.fromEntries(states) };
  }

  private indicatorFor(name: string, group: readonly HealthCheck[]): HealthIndicatorFunction {
    const indicator = this.indicators.check(name);
    return async () => {
      try {
        await Promise.all(group.map((check) => withTimeout(check())));
        return indicator.up();
      } catch {
        return indicator.down();
      }
    };
  }
}

async function withTimeout(check: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the check took too long')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
