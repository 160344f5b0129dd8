/** A shop that can be measured: one of ours, or one that does the same work without us. */
export interface Competitor {
  readonly name: string;
  readonly url: string;
  /** The ids of its server processes. */
  pids(): readonly number[];
  /** Access tokens of customers, good for at least as long as a round takes. */
  tokens(): Promise<readonly string[]>;
  /** Resolves when nothing that an order has set off is under way any more. */
  isSettled(): Promise<boolean>;
  /** What its processes have printed, for who looks for a fault. */
  output(): string;
  stop(): Promise<void>;
}
