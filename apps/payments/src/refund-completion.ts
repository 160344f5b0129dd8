import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { RefundRepository } from './data/refund-repository.js';
import { RefundService } from './refund.service.js';

const POLL_EVERY_MS = 5_000;

/** Completes refunds that a crash, or an unresponsive provider, left unfinished. */
@Injectable()
export class RefundCompletion implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RefundCompletion.name);
  private readonly loop = new BackgroundLoop('refund completion', POLL_EVERY_MS, () => this.complete());

  constructor(
    private readonly refunds: RefundRepository,
    private readonly service: RefundService,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async complete(): Promise<boolean> {
    for (const paymentId of await this.refunds.stalePayments()) {
      await this.service.finish(paymentId).catch((error: unknown) => {
        this.logger.warn(
          `payment ${paymentId}: a refund waits: ${error instanceof Error ? error.message : error}`,
        );
      });
    }
    return false;
  }
}
