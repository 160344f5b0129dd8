/** How a bucket fills: `rate` tokens per second, up to `burst`. */
export interface BucketLimit {
  readonly rate: number;
  readonly burst: number;
}

/** What a request wants of one bucket. */
export interface RequestCost {
  /** Tells the bucket from others. */
  readonly key: string;
  readonly limit: BucketLimit;
  /** Tokens that it takes. One that costs more than a full bucket holds takes all of it. */
  readonly cost: number;
}

export interface Taken {
  /** Whether this bucket had enough. */
  readonly allowed: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Seconds until there is enough when refused, else 0. */
  readonly retryAfter: number;
  /** Seconds until the bucket is full again. */
  readonly fullAfter: number;
}

/** What a bucket holds at a moment. Times are in milliseconds. */
export interface BucketState {
  readonly tokens: number;
  readonly at: number;
}

/** What a bucket holds by now. One that nobody has used yet is full. */
export function fill(state: BucketState | undefined, { rate, burst }: BucketLimit, now: number): number {
  if (!state) return burst;
  // A clock that goes back must not empty the bucket.
  const elapsedSeconds = Math.max(0, now - state.at) / 1000;
  return Math.min(burst, state.tokens + elapsedSeconds * rate);
}

/**
 * Takes what a request costs from all of its buckets, or from none when one has too little.
 * @param filled what each bucket holds now
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

/** Takes one token of one bucket, if there is one. */
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
