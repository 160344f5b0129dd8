import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { AccountMailRepository } from './data/account-mail-repository.js';
import { AccountTokenRepository } from './data/account-token-repository.js';

const EVERY_MS = 10 * 60_000;

/** Deletes mails that no limit counts any more, and tokens that have expired. */
@Injectable()
export class AccountCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop = new BackgroundLoop('clean-up of account mails', EVERY_MS, async () => {
    await this.tokens.deleteExpired();
    return this.mails.deleteOld();
  });

  constructor(
    private readonly mails: AccountMailRepository,
    private readonly tokens: AccountTokenRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }
}
