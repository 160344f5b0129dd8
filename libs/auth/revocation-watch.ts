import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { hasCode, TokenIssuer } from '@fissile/kit/contract';
import { runDetached } from '@fissile/kit/request';
import { Revocations } from './revocations.js';

const POLL_EVERY_MS = 2_000;
/** Each poll overlaps the one before, for revocations that were committed late. The issuer aborts a slower commit. */
const OVERLAP_MS = 10_000;

/** Polls the issuer for revocations of other processes. Those of this process are in force at once. */
@Injectable()
export class RevocationWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private since: Date | undefined;
  private hasLearned = false;
  private learning: Promise<void> | undefined;
  private readonly loop = new BackgroundLoop('revocation watch', POLL_EVERY_MS, () => this.poll());

  constructor(
    private readonly issuer: TokenIssuer,
    private readonly revocations: Revocations,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /**
   * Resolves once this process knows what was revoked before it started; no token is taken before that.
   * @throws ContextError while the issuer is unavailable
   */
  async caughtUp(): Promise<void> {
    if (!this.hasLearned) await this.learn();
  }

  private async poll(): Promise<boolean> {
    try {
      await this.learn();
    } catch (error) {
      // The issuer may start after this process, and no token has been taken until then.
      if (this.hasLearned || !hasCode(error, 'unavailable')) throw error;
    }
    return false;
  }

  /** Concurrent callers share one request, so it does not end when the first of them is cancelled. */
  private learn(): Promise<void> {
    this.learning ??= runDetached(() => this.ask()).finally(() => (this.learning = undefined));
    return this.learning;
  }

  private async ask(): Promise<void> {
    const { revocations, asOf } = await this.issuer.listRevocations({ since: this.since });
    for (const { subjectId, revokedAt } of revocations) {
      if (revokedAt) this.revocations.add(subjectId, revokedAt);
    }
    // By the clock that stamps revocations, which may be another machine's.
    if (asOf) this.since = new Date(asOf.getTime() - OVERLAP_MS);
    this.hasLearned = true;
  }
}
