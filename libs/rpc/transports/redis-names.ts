/** Channels and keys of a product at Redis, beside the channels of calls. */
export class RedisNames {
  /** With which every channel of answers begins. */
  readonly answers: string;

  constructor(private readonly prefix: string) {
    this.answers = `${prefix}.answers.`;
  }

  /**
   * With which the channels begin that a process hears answers from. They end with the context that answers.
   * @param process undefined where processes share an account
   */
  answersTo(process: string | undefined): string {
    return process === undefined ? this.answers : `${this.answers}${process}.`;
  }

  /** The mark of an instance that serves a call. */
  claimOf(call: string): string {
    return `${this.prefix}:claimed-call:${call}`;
  }

  /** Tokens that a client has left. */
  bucketOf(client: string): string {
    return `${this.prefix}:throttle:${client}`;
  }
}
