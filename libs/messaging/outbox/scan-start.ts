/** Longer than any transaction of the application, so that the next full scan of the outbox sees what it writes. */
const WHOLE_EVERY_MS = 30_000;

/**
 * The position where a scan of the outbox begins. Published events leave dead entries in the index of unpublished
 * ones, and an hour-long backup keeps all dead entries of that hour; a scan from the start would step over them each
 * time. So a scan begins at the position up to which everything had been seen two full scans ago, and every half
 * minute at the start: a transaction that was slow to commit may have left events at earlier positions.
 */
export class ScanStart {
  private highest = 0;
  /** The highest position at the last full scan, and at the one before. */
  private last = 0;
  private former = 0;
  private wholeAt = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** The position after which the next scan begins. @param keysWait whether seen events are not published yet */
  next(keysWait: boolean): number {
    if (this.now() >= this.wholeAt) {
      this.wholeAt = this.now() + WHOLE_EVERY_MS;
      this.former = this.last;
      this.last = this.highest;
      return 0;
    }
    return keysWait ? 0 : this.former;
  }

  /** Events up to this position have been seen. */
  saw(position: number): void {
    this.highest = Math.max(this.highest, position);
  }
}
