import { backoff } from '@fissile/kit/async';

const LONGEST_EJECTION_MS = 30_000;

export interface EjectionRules {
  /** So many failures one after the other put an instance out. */
  readonly afterFailures: number;
  /** For so long the first time, doubled each time that it fails again afterwards. */
  readonly firstMs: number;
}

/** How one instance has answered this process lately. */
export class InstanceState {
  /** Requests that wait for its answer. */
  inFlight = 0;
  private failures = 0;
  private ejections = 0;
  private outUntil = 0;

  constructor(private readonly rules: EjectionRules) {}

  /** @param now milliseconds on a clock that is never set back */
  isOut(now: number): boolean {
    return now < this.outUntil;
  }

  answered(): void {
    this.failures = 0;
    this.ejections = 0;
    this.outUntil = 0;
  }

  /** One that has been out goes out again, for twice as long, at its first failure. */
  failed(now: number): void {
    // What was sent before it was put out says nothing new.
    if (this.isOut(now)) return;
    this.failures += 1;
    if (this.failures < this.rules.afterFailures && this.ejections === 0) return;
    this.outUntil =
      now + backoff(this.ejections, { first: this.rules.firstMs, longest: LONGEST_EJECTION_MS });
    this.ejections += 1;
    this.failures = 0;
  }
}
