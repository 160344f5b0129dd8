import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuthSettings } from '@fissile/kit/auth';
import { BackgroundLoop } from '@fissile/kit/async';
import { SessionRepository } from './data/session-repository.js';

const EVERY_MS = 10 * 60_000;
/** By how much the clock of a process that verifies tokens may lag behind the database's. */
const CLOCKS_DIFFER_MS = 60_000;

/** Deletes sessions and revocations that no token needs any more. */
@Injectable()
export class SessionCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop = new BackgroundLoop('session clean-up', EVERY_MS, () => this.cleanUp());

  constructor(
    private readonly sessions: SessionRepository,
    private readonly auth: AuthSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private cleanUp(): Promise<boolean> {
    return this.sessions.deleteOld(this.auth.ACCESS_TOKEN_MINUTES * 60_000 + CLOCKS_DIFFER_MS);
  }
}
