import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { SecretBox } from './data/secret-box.js';

const POLL_EVERY_MS = 60_000;
const AT_ONCE = 200;

/** Where AUTH_KEY_SECRET has a new generation, the secrets of second factors get it, and the old one is needed no more. */
@Injectable()
export class SecondFactorRenewal implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SecondFactorRenewal.name);
  private readonly loop = new BackgroundLoop('renewal of second factors', POLL_EVERY_MS, () => this.renew());

  constructor(
    private readonly repository: SecondFactorRepository,
    private readonly box: SecretBox,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Returns whether there may be more. */
  async renew(): Promise<boolean> {
    const stale = await this.repository.encryptedByOthers(this.box.keyName, AT_ONCE);
    let lost = 0;
    for (const found of stale) {
      const text = this.box.tryOpen(found.secret);
      const sealed = text !== undefined && { secret: this.box.close(text), encryptedBy: this.box.keyName };
      if (sealed) await this.repository.renew(found, sealed);
      else lost += 1;
    }
    if (lost > 0)
      this.logger.warn(`${lost} second factors were encrypted by no generation of AUTH_KEY_SECRET`);
    return stale.length === AT_ONCE && lost === 0;
  }
}
