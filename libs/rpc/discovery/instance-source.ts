/** Where instances are looked up; it tells Discovery what it finds. */
export interface InstanceSource {
  /** Looks now and from then on. Resolves after the first look, or when that takes too long; never rejects. */
  start(): Promise<void>;
  stop(): Promise<void>;
}
