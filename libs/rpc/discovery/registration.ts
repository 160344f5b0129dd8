/** Makes this process known to those that look for it. */
export abstract class Registration {
  /** Called once it serves. Never rejects: what cannot be told now is told later. */
  abstract register(): Promise<void>;

  /** Called before it stops serving. Resolves when those who might send something have heard of it. */
  abstract deregister(): Promise<void>;
}

/** Where instances are found without their doing. */
export class NoRegistration extends Registration {
  async register(): Promise<void> {}

  async deregister(): Promise<void> {}
}
