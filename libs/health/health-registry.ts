import { Injectable } from '@nestjs/common';

/** Rejects, or takes too long, when the dependency cannot be used. */
export type HealthCheck = () => Promise<unknown>;

export type State = 'up' | 'down';

/** The states that another process reports of itself and its dependencies; it never rejects. */
export type HealthSource = () => Promise<Readonly<Record<string, State>>>;

/** The dependencies of this process, by the names that /health shows. */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck[]>();
  private readonly vitals = new Map<string, HealthCheck[]>();
  private readonly sources: HealthSource[] = [];
  private isHosted: (context: string) => boolean = () => true;
  private started = false;
  private leaving = false;
  private stopping = false;

  /** Several checks may share a name, such as the databases of several contexts: it is up when all are. */
  add(name: string, check: HealthCheck): void {
    this.checks.set(name, [...(this.checks.get(name) ?? []), check]);
  }

  /** A check of what a context needs, as long as the process hosts it. */
  addFor(context: string, name: string, check: HealthCheck): void {
    this.add(name, async () => (this.isHosted(context) ? check() : undefined));
  }

  /** From now on, what contexts need counts only where they are hosted here. */
  limitTo(isHosted: (context: string) => boolean): void {
    this.isHosted = isHosted;
  }

  /** Something of the process itself, which is part of the report and not needed to be ready. */
  addVital(name: string, check: HealthCheck): void {
    this.vitals.set(name, [...(this.vitals.get(name) ?? []), check]);
  }

  /** Another process, which is part of the report and not needed to be ready: much is served without it. */
  addSource(source: HealthSource): void {
    this.sources.push(source);
  }

  allChecks(): ReadonlyMap<string, readonly HealthCheck[]> {
    return this.checks;
  }

  allVitals(): ReadonlyMap<string, readonly HealthCheck[]> {
    return this.vitals;
  }

  allSources(): readonly HealthSource[] {
    return this.sources;
  }

  /** The databases are migrated, and all that the process serves listens. */
  announceStart(): void {
    this.started = true;
  }

  get hasStarted(): boolean {
    return this.started;
  }

  /** From now on the process asks for no new work, and still takes what comes. */
  announceLeaving(): void {
    this.leaving = true;
  }

  /** From now on it takes no new work. */
  announceStop(): void {
    this.leaving = true;
    this.stopping = true;
  }

  get isLeaving(): boolean {
    return this.leaving;
  }

  get isStopping(): boolean {
    return this.stopping;
  }
}
