/** What something costs when it happens so often a second: the rarer it is, the more often a process has to be woken for it. */
export interface CostAtRate {
  readonly perSecond: number;
  /** Microseconds of CPU at both ends together, beyond what it costs within one process. */
  readonly cpuMicros: number;
  /** Milliseconds that it takes longer than within one process. */
  readonly latencyMs: number;
}

/** What there is more of where something is in another process, as it was measured on a machine. */
export interface UnitCosts {
  readonly transport: string;
  /** Calls of contracts, by their rate. */
  readonly calls: readonly CostAtRate[];
  /** Microseconds of CPU for each kilobyte of a call, request and answer together. */
  readonly cpuMicrosPerKilobyte: number;
  /** Requests that the gateway passes on. */
  readonly proxied: readonly CostAtRate[];
  readonly process: {
    readonly residentBytes: number;
    /** CPU seconds a second of a process that has nothing to do. */
    readonly idleCpu: number;
  };
}

/** Between two rates that were measured, on the straight line between them over the logarithm of the rate. */
export function costAt(costs: readonly CostAtRate[], perSecond: number): Omit<CostAtRate, 'perSecond'> {
  const sorted = [...costs].sort((one, other) => one.perSecond - other.perSecond);
  const above = sorted.find((cost) => cost.perSecond >= perSecond) ?? sorted.at(-1);
  const below = sorted.findLast((cost) => cost.perSecond <= perSecond) ?? sorted[0];
  if (!above || !below) return { cpuMicros: 0, latencyMs: 0 };
  const span = Math.log(above.perSecond / below.perSecond);
  const share = span === 0 ? 0 : Math.log(perSecond / below.perSecond) / span;
  const between = (one: number, other: number): number => one + (other - one) * share;
  return {
    cpuMicros: between(below.cpuMicros, above.cpuMicros),
    latencyMs: between(below.latencyMs, above.latencyMs),
  };
}
