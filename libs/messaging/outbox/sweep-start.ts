/** Longer than a transaction of the product lasts, so that what it writes is seen by the next look at the whole outbox. */
const WHOLE_EVERY_MS = 30_000;

/**
 * Where a look through the outbox begins. What is published leaves dead entries in the index of what is not, and a backup
 * that runs for an hour keeps all of that hour there; who began at the start each time would step over them each time. So
 * a look begins where everything had been seen two whole looks ago, and every half minute at the start: a transaction that
 * was slow to commit may have left events further back.
 */
export class SweepStart {
  private highest = 0;
  /** The highest position at the last whole look, and at the one before. */
  private last = 0;
  private former = 0;
  private wholeAt = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** After which position the next look begins. @param keysWait whether events that were seen are not published yet */
  next(keysWait: boolean): number {
    if (this.now() >= this.wholeAt) {
      this.wholeAt = this.now() + WHOLE_EVERY_MS;
      this.former = this.last;
      this.last = this.highest;
      return 0;
    }
    return keysWait ? 0 : this.former;
  }

  /** Events up to there have been seen. */
  saw(position: number): void {
    this.highest = Math.max(this.highest, position);
  }
}
