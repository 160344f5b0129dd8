/** What clients saw. */
export interface Served {
  /** Answers. */
  readonly count: number;
  readonly seconds: number;
  /** Milliseconds of each answer, ascending. */
  readonly latencies: readonly number[];
}

/** What the server processes took for it. */
export interface Used {
  readonly cpuSeconds: number;
  /** MiB at one time. */
  readonly peakMemory: number;
}

/** What one round of one contestant came to. */
export interface Round {
  /** Answers per second. */
  readonly throughput: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU of its server processes for each answer. */
  readonly cpu: number;
  /** The most MiB that its server processes had at one time. */
  readonly memory: number;
}

/** A figure over several rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function roundOf({ count, seconds, latencies }: Served, { cpuSeconds, peakMemory }: Used): Round {
  return {
    throughput: count / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpu: (cpuSeconds * 1_000_000) / count,
    memory: peakMemory,
  };
}

/** @param ascending sorted values, not empty */
export function percentile(ascending: readonly number[], share: number): number {
  const index = Math.min(ascending.length - 1, Math.ceil(share * ascending.length) - 1);
  return ascending[Math.max(0, index)] ?? Number.NaN;
}

export function spreadOf(values: readonly number[]): Spread {
  const ascending = [...values].sort((one, other) => one - other);
  return {
    min: ascending[0] ?? Number.NaN,
    median: percentile(ascending, 0.5),
    max: ascending.at(-1) ?? Number.NaN,
  };
}

/**
 * The ratio to another contestant, round by round, so that a machine whose speed drifts does not count.
 * @param mine rounds of the one, @param theirs of the other, in the same order
 */
export function ratioOf(mine: readonly Round[], theirs: readonly Round[], figure: keyof Round): Spread {
  return spreadOf(mine.map((round, index) => round[figure] / (theirs[index]?.[figure] ?? Number.NaN)));
}
