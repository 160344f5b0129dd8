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
  private made: { readonly url: string; readonly transport: Transporter } | undefined;

  constructor(private readonly settings: NotificationsSettings) {}

  /** How many messages can be sent concurrently: none waits for a connection while its claim expires. */
  get atOnce(): number {
    return this.settings.SMTP_URL === undefined ? LOGGED_AT_ONCE : MAX_CONNECTIONS;
  }

  onApplicationShutdown(): void {
    this.made?.transport.close();
  }

  async send({ id, eventId, type, recipient, subject, body }: DueNotification): Promise<void> {
    const { SMTP_URL: url } = this.settings;
    if (url === undefined) {
      this.logger.log(`notification ${id} about ${type} would be sent, if SMTP_URL named a mail server`);
      return;
    }
    const transport = this.transportTo(url);
    await inSpan(smtpSpan(url), () =>
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

  /** A new one when the password has changed; mails that are under way end on the old one. */
  private transportTo(url: string): Transporter {
    if (this.made?.url === url) return this.made.transport;
    this.made?.transport.close();
    const files = tlsFilesOf('SMTP', this.settings);
    const transport = createTransport({
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
    this.made = { url, transport };
    return transport;
  }
}

/** Logs only the server: sender and recipient are private. */
function smtpSpan(url: string): SpanDescription {
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
