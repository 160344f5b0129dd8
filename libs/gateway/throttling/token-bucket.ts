/** The refill of a bucket: `rate` tokens per second, up to `burst`. */
export interface BucketLimit {
  readonly rate: number;
  readonly burst: number;
}

/** What a request demands of one bucket. */
export interface RequestCost {
  /** Identifies the bucket. */
  readonly key: string;
  readonly limit: BucketLimit;
  /** The number of tokens to take. A cost above the capacity takes a full bucket. */
  readonly cost: number;
}

export interface Taken {
  /** Whether this bucket had enough tokens. */
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Seconds until the bucket has enough tokens when refused, else 0. */
  readonly retryAfter: number;
  /** Seconds until the bucket is full again. */
  readonly fullAfter: number;
}

/** The content of a bucket at a point in time. Times are in milliseconds. */
export interface BucketState {
  readonly tokens: number;
  readonly at: number;
}

/** The current content of a bucket. A bucket that is new is full. */
export function fill(state: BucketState | undefined, { rate, burst }: BucketLimit, now: number): number {
  if (!state) return burst;
  // A clock that goes backwards must not empty the bucket.
  const elapsedSeconds = Math.max(0, now - state.at) / 1000;
  return Math.min(burst, state.tokens + elapsedSeconds * rate);
}

/**
 * Takes the cost of a request from all of its buckets, or from none when one has too few tokens.
 * @param filled the current content of each bucket
 */
export function takeFrom(filled: readonly number[], requests: readonly RequestCost[]): Taken[] {
  const costs = requests.map(({ cost, limit }) => Math.min(cost, limit.burst));
  const isEnough = costs.map((cost, index) => (filled[index] ?? 0) >= cost);
  const allowed = isEnough.every(Boolean);
  return requests.map(({ limit: { rate, burst } }, index) => {
    const before = filled[index] ?? 0;
    const cost = costs[index] ?? 0;
    const tokens = allowed ? before - cost : before;
    return {
      allowed: isEnough[index] ?? false,
      remaining: Math.floor(tokens),
      retryAfter: isEnough[index] ? 0 : (cost - before) / rate,
      fullAfter: (burst - tokens) / rate,
    };
  });
}

/** Takes one token from one bucket, if it has one. */
export function takeToken(
  state: BucketState | undefined,
  limit: BucketLimit,
  now: number,
): { state: BucketState; taken: Taken } {
  const filled = fill(state, limit, now);
  const [taken] = takeFrom([filled], [{ key: '', limit, cost: 1 }]);
  if (!taken) throw new Error('a cost without a result');
  return { state: { tokens: taken.allowed ? filled - 1 : filled, at: now }, taken };
}
