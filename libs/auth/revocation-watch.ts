import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '#libs/background';
import { Users } from '#libs/contracts/users';
import { Revocations } from './revocations.js';

const LOOK_EVERY_MS = 2_000;
/** Looks back a little, for revocations that were committed after later ones, or by a clock that is behind. */
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

  private async look(): Promise<boolean> {
    const lookedAt = Date.now();
    const { revocations } = await this.users.listRevocations({ since: this.since });
    for (const { subjectId, revokedAt } of revocations) {
      if (revokedAt) this.revocations.add(subjectId, revokedAt);
    }
    this.since = new Date(lookedAt - OVERLAP_MS);
    return false;
  }
}
