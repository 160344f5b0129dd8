import type { AuditAction } from '@fissile/kit/contract';

const WINDOW_MS = 60_000;
/** Refusals of a kind that are written within a window, of one source and of all. */
const PER_SOURCE = 5;
const PER_ACTION = 60;

/**
 * Which refusals are written down, so that a flood of them floods neither log nor audit: a few of each source and kind in a
 * minute. Of the others the number is written, once for each minute and kind.
 */
export class RefusalQuota {
  private readonly written = new Map<string, number>();
  private readonly omitted = new Map<AuditAction, number>();
  private window: NodeJS.Timeout | undefined;

  /** @param report is called with the number of refusals that were not written within a minute */
  constructor(private readonly report: (action: AuditAction, omitted: number) => Promise<void>) {}

  /** Whether this one is written; it is counted otherwise. */
  admit(action: AuditAction, source = ''): boolean {
    this.window ??= setTimeout(() => void this.close(), WINDOW_MS).unref();
    const ofSource = `${action} ${source}`;
    if (this.countOf(action) >= PER_ACTION || this.countOf(ofSource) >= PER_SOURCE) {
      this.omitted.set(action, (this.omitted.get(action) ?? 0) + 1);
      return false;
    }
    for (const key of [action, ofSource]) this.written.set(key, this.countOf(key) + 1);
    return true;
  }

  /** Ends the minute, and reports what was omitted in it. */
  async close(): Promise<void> {
    clearTimeout(this.window);
    this.window = undefined;
    const omitted = [...this.omitted];
    this.written.clear();
    this.omitted.clear();
    for (const [action, count] of omitted) await this.report(action, count);
  }

  private countOf(key: string): number {
    return this.written.get(key) ?? 0;
  }
}
