import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop, backoff } from '@fissile/kit/async';
import { MailTransport } from '@fissile/kit/mail';
import { AccountMailRepository, type DueAccountMail } from './data/account-mail-repository.js';
import { AccountTokenRepository, type TokenPurpose } from './data/account-token-repository.js';
import { UserRepository } from './data/user-repository.js';
import {
  type AccountMailText,
  alreadyRegisteredMail,
  passwordChangedMail,
  passwordResetMail,
  secondFactorMail,
  type TokenInMail,
  verificationMail,
} from './domain/account-mail.js';
import type { User } from './domain/user.js';
import { UsersSettings } from './users.settings.js';

const POLL_EVERY_MS = 5_000;
const LONGEST_PAUSE_SECONDS = 300;
/** About an hour of attempts: by then, its recipient has asked again. */
const MAX_ATTEMPTS = 16;
const AT_ONCE = 5;

/**
 * Sends the mails of accounts. What a mail says is decided here, not where it was asked for, so that a request for an address without
 * an account does the same work, and takes as long, as one for an address that has one.
 */
@Injectable()
export class AccountMailer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AccountMailer.name);
  private readonly loop = new BackgroundLoop('mails of accounts', POLL_EVERY_MS, () => this.sendDue());

  constructor(
    private readonly mails: AccountMailRepository,
    private readonly tokens: AccountTokenRepository,
    private readonly users: UserRepository,
    private readonly transport: MailTransport,
    private readonly settings: UsersSettings,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.transport.isConfigured && isProduction()) {
      this.logger.warn(
        'SMTP_URL is not set: no address can be verified and no password reset, since no mail is sent',
      );
    } else if (this.settings.PUBLIC_URL === undefined && isProduction()) {
      this.logger.warn('PUBLIC_URL is not set: mails of accounts carry a token and no link');
    }
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  wake(): void {
    this.loop.wake();
  }

  private async sendDue(): Promise<boolean> {
    const due = await this.mails.claim(AT_ONCE);
    await Promise.all(due.map((mail) => this.send(mail)));
    return due.length === AT_ONCE;
  }

  private async send(mail: DueAccountMail): Promise<void> {
    const { id, kind, recipient, attempts } = mail;
    const written = await this.write(mail);
    if (!written) return this.mails.finish(id, 'dropped');
    if (!this.transport.isConfigured) {
      // Whoever reads the log of a production may not take accounts over by it.
      if (!isProduction()) this.logger.log(`without SMTP_URL, this mail is not sent:\n${written.text}`);
      return this.mails.finish(id, 'sent');
    }
    try {
      await this.transport.send({ ...written, id, to: recipient });
    } catch (error) {
      return this.retry(id, kind, attempts, error);
    }
    await this.mails.finish(id, 'sent');
  }

  private async retry(id: string, kind: string, attempts: number, error: unknown): Promise<void> {
    const { code = 'error' } = error as { code?: string };
    if (MailTransport.isRefusal(error) || attempts >= MAX_ATTEMPTS) {
      this.logger.warn(`mail ${id} (${kind}) is given up after ${attempts} attempts (${code})`);
      return this.mails.finish(id, 'dropped');
    }
    const seconds = backoff(attempts, { first: 1, longest: LONGEST_PAUSE_SECONDS });
    this.logger.warn(`mail ${id} (${kind}) is not sent (${code}), next try in ${seconds} s`);
    await this.mails.postpone(id, seconds);
  }

  /** @returns undefined when there is nothing to say, as to an address without an account */
  private async write({ kind, recipient }: DueAccountMail): Promise<AccountMailText | undefined> {
    const user = await this.users.findByEmail(recipient);
    if (user?.status !== 'active') return undefined;
    const { EMAIL_VERIFICATION_HOURS, PASSWORD_RESET_MINUTES } = this.settings;
    switch (kind) {
      case 'verification':
        if (user.emailVerifiedAt) return undefined;
        return verificationMail(await this.issue(user, 'verification', EMAIL_VERIFICATION_HOURS * 60));
      case 'password_reset':
        return passwordResetMail(await this.issue(user, 'password_reset', PASSWORD_RESET_MINUTES));
      case 'already_registered':
        return alreadyRegisteredMail(await this.issue(user, 'password_reset', PASSWORD_RESET_MINUTES));
      case 'password_changed':
        return user.emailVerifiedAt ? passwordChangedMail() : undefined;
      case 'second_factor_added':
      case 'second_factor_removed':
      case 'recovery_codes_renewed':
      case 'recovery_code_used':
        return user.emailVerifiedAt ? secondFactorMail(kind) : undefined;
    }
  }

  private async issue({ id }: User, purpose: TokenPurpose, minutes: number): Promise<TokenInMail> {
    const token = await this.tokens.issue(id, purpose, minutes);
    return { token, minutes, publicUrl: this.settings.PUBLIC_URL };
  }
}

function isProduction(): boolean {
  return process.env['NODE_ENV'] === 'production';
}
