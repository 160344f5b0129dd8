import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { tlsFilesOf } from '@fissile/kit/config';
import { createTransport, type Transporter } from 'nodemailer';
import type { DueNotification } from './data/notification-repository.js';
import { inSpan, type SpanDescription } from '@fissile/kit/observability';
import { NotificationsSettings } from './notifications.settings.js';

/** Connection, greeting and response time-outs: their sum is less than the duration of a claim. */
const TIMEOUT_MS = 8_000;

const MAX_CONNECTIONS = 5;
const LOGGED_AT_ONCE = 64;

/** Sends messages through the mail server; without one, logs them instead. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly logger = new Logger(Mailer.name);
  private readonly transport: Transporter | undefined;
  private readonly span: SpanDescription;

  constructor(private readonly settings: NotificationsSettings) {
    const { SMTP_URL: url } = settings;
    const files = tlsFilesOf('SMTP', settings);
    this.span = smtpSpan(url);
    this.transport =
      url === undefined
        ? undefined
        : createTransport({
            url,
            pool: true,
            maxConnections: MAX_CONNECTIONS,
            connectionTimeout: TIMEOUT_MS,
            greetingTimeout: TIMEOUT_MS,
            socketTimeout: TIMEOUT_MS,
            // Messages are plain text from this app: nothing in them may name a file or a URL to fetch.
            disableFileAccess: true,
            disableUrlAccess: true,
            tls: files.readAtEachUse(),
            // Who names an authority does not mean mail to go in the clear when the server offers no STARTTLS.
            requireTLS: files.areGiven,
          });
  }

  /** How many messages can be sent concurrently: none waits for a connection while its claim expires. */
  get atOnce(): number {
    return this.transport ? MAX_CONNECTIONS : LOGGED_AT_ONCE;
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }

  async send({ id, eventId, type, recipient, subject, body }: DueNotification): Promise<void> {
    if (!this.transport) {
      this.logger.log(`notification ${id} about ${type} would be sent, if SMTP_URL named a mail server`);
      return;
    }
    const { transport } = this;
    await inSpan(this.span, () =>
      transport.sendMail({
        from: this.settings.SMTP_FROM,
        to: { name: '', address: recipient },
        subject,
        text: body,
        // The same for each retry, so that mailboxes can drop a duplicate after a crash between sending and
        // recording.
        messageId: `<${eventId}@fissile>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
    );
  }
}

/** Logs only the server: sender and recipient are private. */
function smtpSpan(url = 'smtp://'): SpanDescription {
  const { hostname, port, protocol } = new URL(url);
  return {
    name: 'SMTP send',
    kind: 'client',
    attributes: {
      'network.protocol.name': 'smtp',
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'smtps:' ? 465 : 587),
    },
  };
}
