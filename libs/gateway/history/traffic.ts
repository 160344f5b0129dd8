/** What an instance of the edge has answered since its start. */
export interface EdgeCounters {
  readonly startedAt: number;
  readonly requests: number;
  readonly failed: number;
  /** How many took at most so many seconds. */
  readonly within: ReadonlyMap<number, number>;
}

/** What was answered in a stretch of time. */
export interface Traffic {
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly within: ReadonlyMap<number, number>;
}

export const NO_TRAFFIC: Traffic = { seconds: 0, requests: 0, failed: 0, within: new Map() };

const NOTHING: Omit<EdgeCounters, 'startedAt'> = { requests: 0, failed: 0, within: new Map() };

/**
 * What the instances of the edge answered between two readings. Of one that has started in between, all of it; of one that was not read
 * before, though it ran, nothing: what it has answered is of any time.
 */
export function trafficBetween(
  before: { readonly at: number; readonly edges: ReadonlyMap<string, EdgeCounters> },
  now: { readonly at: number; readonly edges: ReadonlyMap<string, EdgeCounters> },
): Traffic {
  let sum: Traffic = { ...NO_TRAFFIC, seconds: Math.max(0.001, (now.at - before.at) / 1_000) };
  for (const [id, edge] of now.edges) {
    const earlier = before.edges.get(id);
    const isNew = edge.startedAt > before.at || (earlier !== undefined && edge.requests < earlier.requests);
    if (isNew) sum = sumOfTraffic(sum, { seconds: 0, ...differenceOf(NOTHING, edge) });
    else if (earlier) sum = sumOfTraffic(sum, { seconds: 0, ...differenceOf(earlier, edge) });
  }
  return sum;
}

function differenceOf(before: Omit<EdgeCounters, 'startedAt'>, now: EdgeCounters): Omit<Traffic, 'seconds'> {
  const within = [...now.within].map(
    ([seconds, count]) => [seconds, Math.max(0, count - (before.within.get(seconds) ?? 0))] as const,
  );
  return {
    requests: now.requests - before.requests,
    failed: Math.max(0, now.failed - before.failed),
    within: new Map(within),
  };
}

export function sumOfTraffic(one: Traffic, other: Traffic): Traffic {
  const within = new Map(one.within);
  for (const [seconds, count] of other.within) within.set(seconds, (within.get(seconds) ?? 0) + count);
  return {
    seconds: one.seconds + other.seconds,
    requests: one.requests + other.requests,
    failed: one.failed + other.failed,
    within,
  };
}

/**
 * How long a share of the requests took at most, as Prometheus tells it from a histogram: even between two bounds.
 * @returns NaN when there was no request
 */
export function quantileOf(share: number, within: ReadonlyMap<number, number>): number {
  const bounds = [...within].sort(([one], [other]) => one - other);
  const total = bounds.at(-1)?.[1] ?? 0;
  if (total === 0) return Number.NaN;
  const wanted = share * total;
  let [lower, below] = [0, 0];
  for (const [bound, count] of bounds) {
    // Of those that took longer than the last bound, no more is known.
    if (!Number.isFinite(bound)) return lower;
    if (count >= wanted && count > below)
      return lower + ((bound - lower) * (wanted - below)) / (count - below);
    [lower, below] = [bound, count];
  }
  return lower;
}
