import { randomUUID } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import type { ProductMaker } from './created-product.js';

export const ADMIN = { email: 'admin@clinic.example', password: 'the-password-of-the-admin' };

/** A mail server that keeps the addresses that it got mail for. */
export class MailBox {
  readonly recipients: string[] = [];
  private readonly server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    onData: (stream, { envelope }, done) => {
      this.recipients.push(...envelope.rcptTo.map(({ address }) => address));
      stream.resume().once('end', () => done());
    },
  });

  async open(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  mailsFor(email: string): number {
    return this.recipients.filter((recipient) => recipient === email).length;
  }

  close(): Promise<void> {
    return new Promise((closed) => this.server.close(() => closed()));
  }
}

export interface Appointment {
  readonly id: string;
  readonly status: string;
}

/** The clinic after `npm start`, by its public API. */
export class RunningClinic {
  private constructor(private readonly url: string) {}

  static async start(maker: ProductMaker, env: Readonly<Record<string, string>>): Promise<RunningClinic> {
    const settings = {
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      // Their patients' addresses have no mailbox that could be asked for a token.
      EMAIL_VERIFICATION: 'off',
      // A poll asks far more often than a patient does.
      THROTTLE_ENABLED: 'false',
    };
    return new RunningClinic(await maker.start('clinic', { ...settings, ...env }));
  }

  async call(method: string, path: string, body?: object, token?: string): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async logIn(account: typeof ADMIN): Promise<string> {
    const answer = await this.call('POST', '/api/auth/login', account);
    return ((await answer.json()) as { accessToken: string }).accessToken;
  }

  async newPatient(): Promise<{ email: string; token: string }> {
    const account = { email: `${randomUUID()}@clinic.example`, password: `password-of-${randomUUID()}` };
    await this.call('POST', '/api/users', { ...account, name: 'A Patient' });
    return { email: account.email, token: await this.logIn(account) };
  }

  async newDoctor(): Promise<string> {
    const answer = await this.call('POST', '/api/doctors', { note: 'Dr. Grey' }, await this.logIn(ADMIN));
    return ((await answer.json()) as { id: string }).id;
  }

  book(doctorId: string, token: string): Promise<Response> {
    const wish = { doctorId, startsAt: '2030-01-02T09:00:00Z', minutes: 30, note: 'a cough', card: 'a-card' };
    return this.call('POST', '/api/appointments', wish, token);
  }

  /** Undefined while the context does not answer. */
  async list<Item>(path: string, token: string): Promise<Item[] | undefined> {
    const answer = await this.call('GET', path, undefined, token);
    return answer.ok ? ((await answer.json()) as { items: Item[] }).items : undefined;
  }

  /** Whether all sagas of a kind have completed. */
  async haveCompleted(name: string): Promise<boolean> {
    const sagas = await this.list<{ name: string; status: string }>(
      '/api/admin/sagas',
      await this.logIn(ADMIN),
    );
    const ofName = sagas?.filter((saga) => saga.name === name) ?? [];
    return ofName.length > 0 && ofName.every(({ status }) => status === 'completed');
  }
}
