import { Injectable } from '@nestjs/common';

/** Rejects, or takes too long, when the dependency cannot be used. */
export type HealthCheck = () => Promise<unknown>;

/** The dependencies of this process, by the names that /health shows. */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck[]>();
  private stopping = false;

  /** Several checks may share a name, such as the databases of several contexts: it is up when all are. */
  add(name: string, check: HealthCheck): void {
    this.checks.set(name, [...(this.checks.get(name) ?? []), check]);
  }

  all(): ReadonlyMap<string, readonly HealthCheck[]> {
    return this.checks;
  }

  /** From now on the process asks for no new work. */
  announceStop(): void {
    this.stopping = true;
  }

  get isStopping(): boolean {
    return this.stopping;
  }
}
