import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { isDeepStrictEqual } from 'node:util';
import { type TlsContents, type TlsFiles, tlsFilesOf, TlsReports } from '@fissile/kit/config';
import { requirePackages } from '@fissile/kit/host';
import { inSpan, type SpanDescription } from '@fissile/kit/observability';
import { MailSettings } from './mail.settings.js';

/** Connection, greeting and response time-outs: their sum is less than the 30 s for which senders claim a mail. */
const TIMEOUT_MS = 8_000;

const MAX_CONNECTIONS = 5;
/** The mailbox does not exist and never will (RFC 3463, 3.2 and 3.3). */
const NO_MAILBOX = /^5\d\d[ -]5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b/;

export interface Mail {
  /** A bare address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  /** The same for each attempt, so that mailboxes can drop a duplicate; without `<`, `>` and domain. */
  readonly id: string;
}

interface Connected {
  readonly url: string;
  readonly tls: TlsContents;
  readonly transport: Promise<Transporter>;
}

/** Sends mails through the server that SMTP_URL names, over a few connections that it keeps. */
@Injectable()
export class MailTransport implements OnApplicationShutdown {
  private readonly tlsReports = new TlsReports('SMTP');
  private connected: Connected | undefined;

  constructor(private readonly settings: MailSettings) {
    // An optional package: a product without a mail server has none.
    if (settings.SMTP_URL !== undefined) requirePackages('SMTP_URL', ['nodemailer']);
  }

  /** Whether there is a mail server. */
  get isConfigured(): boolean {
    return this.settings.SMTP_URL !== undefined;
  }

  /** How many mails can be sent concurrently, so that none waits for a connection. */
  get atOnce(): number {
    return MAX_CONNECTIONS;
  }

  onApplicationShutdown(): void {
    this.disconnect();
  }

  /** Fails as the server or the connection to it does; why TLS refuses a connection, it logs. */
  async send({ to, subject, text, id }: Mail): Promise<void> {
    const url = this.settings.SMTP_URL ?? '';
    const transport = await this.transportTo(url);
    const sent = inSpan(smtpSpan(url), () =>
      transport.sendMail({
        from: this.settings.SMTP_FROM,
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${id}@fissile>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
    );
    // Who sends mails logs no more than a code.
    await sent.catch((error: unknown) => {
      this.tlsReports.add(error);
      throw error;
    });
  }

  /** A new one when the password or a file has changed; mails that are under way end on the old one. */
  private transportTo(url: string): Promise<Transporter> {
    const files = tlsFilesOf('SMTP', this.settings);
    const tls = readOr(this.connected?.tls, files);
    if (this.connected?.url === url && isDeepStrictEqual(this.connected.tls, tls))
      return this.connected.transport;
    this.disconnect();
    const transport = connect(url, tls, files.areGiven);
    this.connected = { url, tls, transport };
    return transport;
  }

  private disconnect(): void {
    void this.connected?.transport.then((transport) => transport.close());
  }

  /**
   * Whether the server has refused the recipient for good. One that reports less than a missing mailbox may refuse the
   * sender: for example, one that does not relay for it yet.
   */
  static isRefusal(error: unknown): boolean {
    const { command, response } = error as { command?: unknown; response?: unknown };
    return command === 'RCPT TO' && NO_MAILBOX.test(String(response));
  }
}

/** What was read last, while a file is being replaced. */
function readOr(last: TlsContents | undefined, files: TlsFiles): TlsContents {
  try {
    return files.read();
  } catch (error) {
    if (last) return last;
    throw error;
  }
}

async function connect(url: string, tls: TlsContents, isRequired: boolean): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Mails are plain text: nothing in them may name a file or a URL to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
    tls,
    // Who names an authority does not mean mail to go in the clear when the server offers no STARTTLS.
    requireTLS: isRequired,
  });
}

/** Names only the server: sender and recipient are private. */
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
