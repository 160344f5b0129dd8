/** How a bucket fills: `rate` tokens per second, up to `burst`. */
export interface BucketLimit {
  readonly rate: number;
  readonly burst: number;
}

export interface Taken {
  readonly allowed: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Seconds until the next token when refused, else 0. */
  readonly retryAfter: number;
  /** Seconds until the bucket is full again. */
  readonly fullAfter: number;
}

/** What a bucket holds at a moment. Times are in milliseconds. */
export interface BucketState {
  readonly tokens: number;
  readonly at: number;
}

/** Takes one token, if there is one. A bucket that nobody has used yet is full. */
export function takeToken(
  state: BucketState | undefined,
  { rate, burst }: BucketLimit,
  now: number,
): { state: BucketState; taken: Taken } {
  // A clock that goes back must not empty the bucket.
  const elapsedSeconds = state ? Math.max(0, now - state.at) / 1000 : 0;
  const filled = state ? Math.min(burst, state.tokens + elapsedSeconds * rate) : burst;
  const allowed = filled >= 1;
  const tokens = allowed ? filled - 1 : filled;
  return {
    state: { tokens, at: now },
    taken: {
      allowed,
      remaining: Math.floor(tokens),
      retryAfter: allowed ? 0 : (1 - tokens) / rate,
      fullAfter: (burst - tokens) / rate,
    },
  };
}
