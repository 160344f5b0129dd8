/** Client-side measurements. */
export interface Served {
  /** The number of responses. */
  readonly count: number;
  readonly seconds: number;
  /** Milliseconds of each response, ascending. */
  readonly latencies: readonly number[];
  /** Seconds of CPU of the process that has sent the requests. */
  readonly clientCpuSeconds: number;
}

/** Resource usage of the server processes. */
export interface Used {
  readonly cpuSeconds: number;
  /** MiB at one time. */
  readonly peakMemory: number;
}

/** The results of one round of one competitor. */
export interface Round {
  /** Responses per second. */
  readonly throughput: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU of its server processes per response. */
  readonly cpu: number;
  /** The peak memory of its server processes, in MiB. */
  readonly memory: number;
  /** Microseconds of CPU of the clients per response, where there are clients: they run on the same processors. */
  readonly clientCpu?: number;
}

/** A figure over several rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function roundOf(served: Served, { cpuSeconds, peakMemory }: Used): Required<Round> {
  const { count, seconds, latencies, clientCpuSeconds } = served;
  return {
    throughput: count / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpu: (cpuSeconds * 1_000_000) / count,
    memory: peakMemory,
    clientCpu: (clientCpuSeconds * 1_000_000) / count,
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
 * The ratio to another competitor, round by round, so that a drift in the machine's speed cancels out.
 * @param one rounds of the one, @param other of the other, in the same order
 */
export function ratioOf(one: readonly Round[], other: readonly Round[], figure: keyof Round): Spread {
  return spreadOf(
    one.map((round, index) => (round[figure] ?? Number.NaN) / (other[index]?.[figure] ?? Number.NaN)),
  );
}
