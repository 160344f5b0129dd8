/** Registers this process so that others can discover it. */
export abstract class Registration {
  /** Called once the process serves. Never rejects: a failed registration is retried later. */
  abstract register(): Promise<void>;

  /** Called before the process stops serving. Resolves when all potential callers have been notified. */
  abstract deregister(): Promise<void>;
}

/** For sources that find instances without registration. */
export class NoRegistration extends Registration {
  async register(): Promise<void> {}

  async deregister(): Promise<void> {}
}
