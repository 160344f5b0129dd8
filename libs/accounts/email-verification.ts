import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { clientNetwork } from '@fissile/kit/http';
import { AuditLog } from '@fissile/kit/operations';
import { currentCall } from '@fissile/kit/request';
import { AccountMails } from './account-mails.js';
import { AccountTokenRepository } from './data/account-token-repository.js';
import { UserRepository } from './data/user-repository.js';
import type { User } from './domain/user.js';
import { UsersSettings } from './users.settings.js';

/** Finds out whether the address of an account belongs to who registered it. */
@Injectable()
export class EmailVerification {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly mails: AccountMails,
    private readonly tokens: AccountTokenRepository,
    private readonly settings: UsersSettings,
    private readonly audit: AuditLog,
  ) {}

  /** Whether mails may go to the address. */
  counts({ emailVerifiedAt }: Pick<User, 'emailVerifiedAt'>): boolean {
    return emailVerifiedAt !== null || this.settings.EMAIL_VERIFICATION === 'off';
  }

  /** Whether accounts must have verified their address before they sign in: then registering tells nothing of others'. */
  get isRequired(): boolean {
    return this.settings.EMAIL_VERIFICATION === 'required';
  }

  /** Sends the first mail of a new account. */
  async begin(transaction: Transaction, email: string): Promise<void> {
    if (this.settings.EMAIL_VERIFICATION === 'off') return;
    await this.mails.add(transaction, 'verification', email, sourceOfCall());
  }

  /** Tells the holder of an address that somebody has tried to register it. */
  async reportTaken(email: string): Promise<void> {
    await this.database.transaction((transaction) =>
      this.mails.add(transaction, 'already_registered', email, sourceOfCall()),
    );
  }

  /** @throws ContextError too_many_requests */
  async request(email: string, address: string): Promise<void> {
    await this.mails.request('verification', email, address);
  }

  /** @throws ContextError invalid_token */
  async confirm(token: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const userId = await this.tokens.use(transaction, token, 'verification');
      const user = userId && (await this.users.lock(transaction, userId));
      if (!user) throw ContextError.of('invalid_token');
      if (user.emailVerifiedAt) return;
      await this.users.update(transaction, {
        ...user,
        emailVerifiedAt: new Date(),
        version: user.version + 1,
      });
      await this.audit.record(transaction, { action: 'user.email_verified', subject: user.id });
    });
  }
}

/** Registering asks for a mail to an address that anybody may have typed. */
function sourceOfCall(): string | undefined {
  const source = currentCall()?.source;
  return source === undefined ? undefined : clientNetwork(source);
}
