const MOST_TOKENS = 10;
const EARNED_PER_CALL = 0.1;

/**
 * Keeps retries from making an outage worse: each successful call earns a tenth of a retry, up to ten, so that at
 * most one call in ten is a retry once the reserve is used up. The scheme of gRPC's retry throttling (gRFC A6).
 */
export class RetryBudget {
  private tokens = MOST_TOKENS;

  earn(): void {
    this.tokens = Math.min(MOST_TOKENS, this.tokens + EARNED_PER_CALL);
  }

  /** Whether a retry is allowed; if so, it is deducted from the budget. */
  spend(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
