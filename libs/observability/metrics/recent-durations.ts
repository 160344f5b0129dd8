/** Enough for a quarter of a minute of what a process answers at most. */
const KEPT = 8_192;

export interface RecentDuration {
  readonly endpoint: string;
  readonly seconds: number;
}

/** How long the last requests took, one by one: buckets of a histogram are too wide for a median. */
export class RecentDurations {
  private readonly endpoints: string[] = [];
  private readonly seconds = new Float64Array(KEPT);
  private readonly endedAt = new Float64Array(KEPT);
  private count = 0;

  add(endpoint: string, seconds: number, now = performance.now()): void {
    const index = this.count % KEPT;
    this.endpoints[index] = endpoint;
    this.seconds[index] = seconds;
    this.endedAt[index] = now;
    this.count += 1;
  }

  /** Those that have ended within so many seconds, as far as they are kept. */
  within(seconds: number, now = performance.now()): RecentDuration[] {
    const since = now - seconds * 1_000;
    const found: RecentDuration[] = [];
    for (const [index, endpoint] of this.endpoints.entries()) {
      const at = this.endedAt[index] ?? 0;
      if (at >= since) found.push({ endpoint, seconds: this.seconds[index] ?? 0 });
    }
    return found;
  }
}
