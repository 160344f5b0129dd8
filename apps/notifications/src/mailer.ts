import { Injectable, Logger } from '@nestjs/common';
import { MailTransport } from '@fissile/kit/mail';
import type { DueNotification } from './data/notification-repository.js';

const LOGGED_AT_ONCE = 64;

/** Sends messages through the mail server; without one, logs them instead. */
@Injectable()
export class Mailer {
  private readonly logger = new Logger(Mailer.name);

  constructor(private readonly transport: MailTransport) {}

  /** How many messages can be sent concurrently: none waits for a connection while its claim expires. */
  get atOnce(): number {
    return this.transport.isConfigured ? this.transport.atOnce : LOGGED_AT_ONCE;
  }

  async send({ id, eventId, type, recipient, subject, body }: DueNotification): Promise<void> {
    if (!this.transport.isConfigured) {
      this.logger.debug(`notification ${id} about ${type} would be sent, if SMTP_URL named a mail server`);
      return;
    }
    await this.transport.send({ id: eventId, to: recipient, subject, text: body });
  }
}
