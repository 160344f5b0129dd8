import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop, backoff } from '@fissile/kit/async';
import { Batches } from '@fissile/kit/database';
import { MailTransport } from '@fissile/kit/mail';
import { failSpan, inSpan, continueFrom } from '@fissile/kit/observability';
import { type DueNotification, NotificationRepository } from './data/notification-repository.js';
import { DeliveryMetrics } from './delivery-metrics.js';
import { Mailer } from './mailer.js';

const POLL_EVERY_MS = 2_000;
/** Notifications due within this time of the first are claimed in the same batch. */
const BATCH_WINDOW_MS = 50;
const LONGEST_PAUSE_SECONDS = 600;

/** Sends due notifications, and retries without limit unless the mail server permanently rejects the address. */
@Injectable()
export class Delivery implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Delivery.name);
  private readonly loop = new BackgroundLoop(
    'notification delivery',
    POLL_EVERY_MS,
    () => this.deliverDue(),
    BATCH_WINDOW_MS,
  );
  private readonly sent = new Batches<string, void>((ids) => this.markSent(ids));

  constructor(
    private readonly notifications: NotificationRepository,
    private readonly mailer: Mailer,
    private readonly metrics: DeliveryMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  wake(): void {
    this.loop.wake();
  }

  private async deliverDue(): Promise<boolean> {
    const due = await this.notifications.claim(this.mailer.atOnce);
    await Promise.all(due.map((notification) => this.deliver(notification)));
    return due.length === this.mailer.atOnce;
  }

  private deliver(notification: DueNotification): Promise<void> {
    const { id, type, origin } = notification;
    const span = {
      name: `deliver ${type}`,
      kind: 'internal',
      attributes: { 'fissile.notification.id': id },
    } as const;
    return continueFrom(origin ?? {}, id, () => inSpan(span, () => this.tryToDeliver(notification)));
  }

  private async tryToDeliver(notification: DueNotification): Promise<void> {
    const { id, attempts } = notification;
    try {
      await this.mailer.send(notification);
    } catch (error) {
      failSpan(error);
      if (MailTransport.isRefusal(error)) return this.giveUp(id);
      const seconds = backoff(attempts, { first: 1, longest: LONGEST_PAUSE_SECONDS });
      const code = (error as { code?: string }).code ?? 'error';
      this.logger.warn(`notification ${id} is not sent (${code}), next try in ${seconds} s`);
      await this.notifications.postpone(id, seconds);
      this.metrics.count('failed');
      return;
    }
    await this.sent.add(id);
    this.metrics.count('sent');
  }

  /** A client that repeatedly asks a server for a mailbox that does not exist is treated as a spammer. */
  private async giveUp(id: string): Promise<void> {
    this.logger.warn(`notification ${id} is refused by the mail server for good`);
    await this.notifications.markRefused(id);
    this.metrics.count('refused');
  }

  private async markSent(ids: readonly string[]): Promise<void[]> {
    await this.notifications.markSent(ids);
    return ids.map(() => undefined);
  }
}
