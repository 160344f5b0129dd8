import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '#libs/background';
import { hasCode } from '#libs/contracts';
import { type ListRevocationsResponse, Users } from '#libs/contracts/users';
import { Revocations } from './revocations.js';

const LOOK_EVERY_MS = 2_000;
/** Looks back a little, for revocations that were committed after later ones. */
const OVERLAP_MS = 10_000;

/** Learns of revocations that were made in other processes. Those of this process count at once. */
@Injectable()
export class RevocationWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private since: Date | undefined;
  private readonly loop = new BackgroundLoop('revocation watch', LOOK_EVERY_MS, () => this.look());

  constructor(
    private readonly users: Users,
    private readonly revocations: Revocations,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Undefined while Users has not been up since this process started, so that no token can have been accepted yet. */
  private async ask(): Promise<ListRevocationsResponse | undefined> {
    try {
      return await this.users.listRevocations({ since: this.since });
    } catch (error) {
      if (this.since === undefined && hasCode(error, 'unavailable')) return undefined;
      throw error;
    }
  }

  private async look(): Promise<boolean> {
    const answer = await this.ask();
    if (!answer) return false;
    const { revocations, asOf } = answer;
    for (const { subjectId, revokedAt } of revocations) {
      if (revokedAt) this.revocations.add(subjectId, revokedAt);
    }
    // By the clock that stamps revocations, which may be another machine's.
    if (asOf) this.since = new Date(asOf.getTime() - OVERLAP_MS);
    return false;
  }
}
