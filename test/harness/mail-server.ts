import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type TestCertificates, until } from '@fissile/kit/testing';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  /** Whether it came by TLS. */
  readonly wasSecured: boolean;
}

/** How a server is secured that takes clients with a certificate alone. */
export interface MailSecurity {
  readonly kind: 'STARTTLS' | 'implicit TLS';
  readonly certificates: TestCertificates;
}

/** Accepts mails by SMTP, and keeps them. */
export class MailServer {
  readonly mails: Mail[] = [];
  isRefusing = false;
  private readonly server: SMTPServer;

  private constructor(private readonly security: MailSecurity | undefined) {
    this.server = new SMTPServer({
      ...(security ? securedBy(security) : { disabledCommands: ['AUTH', 'STARTTLS'] }),
      onMailFrom: (_address, _session, done) => done(this.isRefusing ? new Error('not now') : null),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join();
          this.mails.push(readMail(to, Buffer.concat(chunks).toString(), session.secure));
          done();
        });
      },
    });
  }

  static async start(security?: MailSecurity): Promise<MailServer> {
    const started = new MailServer(security);
    // A client that is refused.
    started.server.on('error', () => undefined);
    await new Promise<void>((listening) => started.server.listen(0, '127.0.0.1', listening));
    return started;
  }

  /** What SMTP_URL is for it. */
  get url(): string {
    const { port } = this.server.server.address() as AddressInfo;
    if (!this.security) return `smtp://127.0.0.1:${port}`;
    return `${this.security.kind === 'STARTTLS' ? 'smtp' : 'smtps'}://localhost:${port}`;
  }

  /** The link to the page of accounts in the mail with the subject, once that has arrived. */
  linkFor(email: string, subject: string): Promise<URL> {
    return until(`a mail to ${email} has arrived`, () => {
      const mail = this.mails.find((one) => one.to === email && one.subject === subject);
      const link = mail && /^https?:\S+\/account#[a-z-]+=[\w-]+/m.exec(mail.text)?.[0];
      return link === undefined ? undefined : new URL(link);
    });
  }

  close(): Promise<void> {
    return new Promise((closed) => this.server.close(closed));
  }
}

function securedBy({ kind, certificates: { ca, cert, key } }: MailSecurity): SMTPServerOptions {
  return {
    disabledCommands: ['AUTH'],
    secure: kind === 'implicit TLS',
    ca: readFileSync(ca),
    cert: readFileSync(cert),
    key: readFileSync(key),
    requestCert: true,
    rejectUnauthorized: true,
  };
}

function readMail(to: string, source: string, wasSecured: boolean): Mail {
  const header = (name: string): string =>
    new RegExp(`^${name}: (.*)$`, 'im').exec(source)?.[1]?.trim() ?? '';
  // Long lines are broken, and = is escaped (RFC 2045, 6.7).
  const text = source.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  return { to, subject: header('Subject'), messageId: header('Message-ID'), text, wasSecured };
}
