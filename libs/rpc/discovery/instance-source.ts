/** Looks up instances and publishes the results to Discovery. */
export interface InstanceSource {
  /** Starts polling. Resolves after the first poll, or when it takes too long; never rejects. */
  start(): Promise<void>;
  stop(): Promise<void>;
}
