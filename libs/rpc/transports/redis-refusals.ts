import { Logger } from '@nestjs/common';

/** Tells operators what the account of a process may not do at Redis: callers get no more than that a context is not available. */
export class RedisRefusals {
  private readonly logger = new Logger('Redis');
  private readonly logged = new Set<string>();

  /**
   * Logs the first refusal of its kind; other errors it ignores.
   * @param what the process wanted
   */
  add(what: string, error: unknown): void {
    const { message } = error as Error;
    if (!message.startsWith('NOPERM') || this.logged.has(what)) return;
    this.logged.add(what);
    this.logger.error(`The account of this process may not ${what}: ${message}`);
  }
}
