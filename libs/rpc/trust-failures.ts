import { Logger } from '@nestjs/common';

/**
 * Why processes of the product do not trust each other: their clocks differ, they have different secrets, one does not know the
 * other's key, or one calls what is not for it. Of `refused` it is the other process that refused this one.
 */
export const TRUST_FAILURES = ['skew', 'secret', 'key', 'caller', 'refused'] as const;

export type TrustFailure = (typeof TRUST_FAILURES)[number];

/** A failure shows in the health of the process for this long. */
const RECENT_MS = 60_000;

/** The calls between processes of the product, as far as this process can tell, that were refused by it or to it. */
export class TrustFailures {
  private readonly logger = new Logger('InternalTrust');
  private readonly counts = new Map<TrustFailure, number>();
  private readonly lastAt = new Map<TrustFailure, number>();

  /** Logs the first one, and the first after a minute without any. */
  add(reason: TrustFailure, explanation: string): void {
    if (!this.isRecent(reason)) this.logger.error(`${explanation} (${reason})`);
    this.counts.set(reason, this.countOf(reason) + 1);
    this.lastAt.set(reason, performance.now());
  }

  countOf(reason: TrustFailure): number {
    return this.counts.get(reason) ?? 0;
  }

  isRecent(reason: TrustFailure): boolean {
    const at = this.lastAt.get(reason);
    return at !== undefined && performance.now() - at < RECENT_MS;
  }
}
