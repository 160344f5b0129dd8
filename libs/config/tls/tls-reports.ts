import { Logger } from '@nestjs/common';
import { explainTlsFailure, type TlsSettingNames } from './tls-failure.js';

const AGAIN_AFTER_MS = 60_000;

/** Tells operators why TLS refuses a connection: callers get no more than that a server is not available. */
export class TlsReports {
  private readonly logger = new Logger('Tls');
  private lastAt: number | undefined;

  /** @param names the start of the names of the settings, such as `REDIS`, or the names */
  constructor(private readonly names: string | TlsSettingNames) {}

  /** Logs the first failure, and the first after a minute; other errors than those of TLS it ignores. */
  add(error: unknown): void {
    const explanation = explainTlsFailure(this.names, error);
    if (explanation !== undefined) this.addReason(explanation);
  }

  /** Logs the reason, unless there was one in the last minute. */
  addReason(reason: string): void {
    if (this.isRecent()) return;
    this.lastAt = performance.now();
    this.logger.error(`No connection by TLS: ${reason}`);
  }

  private isRecent(): boolean {
    return this.lastAt !== undefined && performance.now() - this.lastAt < AGAIN_AFTER_MS;
  }
}
