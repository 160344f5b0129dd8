import { backoff } from '@fissile/kit/async';

const LONGEST_EJECTION_MS = 30_000;

export interface EjectionRules {
  /** The number of consecutive failures that eject an instance. */
  readonly afterFailures: number;
  /** Milliseconds of the first ejection, doubled at each further failure. */
  readonly firstMs: number;
}

/** The recent results of one instance, as this process sees them. */
export class InstanceState {
  /** Requests that await a response. */
  inFlight = 0;
  private failures = 0;
  private ejections = 0;
  private outUntil = 0;

  constructor(private readonly rules: EjectionRules) {}

  /** @param now milliseconds on a monotonic clock */
  isOut(now: number): boolean {
    return now < this.outUntil;
  }

  answered(): void {
    this.failures = 0;
    this.ejections = 0;
    this.outUntil = 0;
  }

  /** An instance that was ejected before is ejected again, for twice as long, at its first failure. */
  failed(now: number): void {
    // Requests sent before the ejection give no new information.
    if (this.isOut(now)) return;
    this.failures += 1;
    if (this.failures < this.rules.afterFailures && this.ejections === 0) return;
    this.outUntil =
      now + backoff(this.ejections, { first: this.rules.firstMs, longest: LONGEST_EJECTION_MS });
    this.ejections += 1;
    this.failures = 0;
  }
}
