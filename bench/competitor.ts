/** A shop to measure: Fissile, or one that does the same work without it. */
export interface Competitor {
  readonly name: string;
  readonly url: string;
  /** The ids of its server processes. */
  pids(): readonly number[];
  /** Access tokens of customers, valid for at least the duration of a round. */
  tokens(): Promise<readonly string[]>;
  /** Resolves when no work caused by an order is running any more. */
  isSettled(): Promise<boolean>;
  /** The output of its processes, for debugging. */
  output(): string;
  stop(): Promise<void>;
}
