import { Injectable } from '@nestjs/common';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { RequestInvalid } from '@fissile/kit/http';
import { AuditLog } from '@fissile/kit/operations';
import type { Caller } from '@fissile/kit/request';
import { AccountMails } from './account-mails.js';
import { Authentication } from './authentication.js';
import { AccountTokenRepository } from './data/account-token-repository.js';
import { UserRepository } from './data/user-repository.js';
import { type User, withPassword } from './domain/user.js';
import { NewPasswords } from './new-passwords.js';
import { SessionEndings } from './session-endings.js';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** Replaces passwords: by who knows the current one, or by who reads the mails of the account's address. */
@Injectable()
export class PasswordChanges {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly newPasswords: NewPasswords,
    private readonly authentication: Authentication,
    private readonly endings: SessionEndings,
    private readonly tokens: AccountTokenRepository,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Changes the password of the caller and ends the caller's other sessions. A token that was mailed for a new password stays good:
   * it is the owner's way to take the account back from who is signed in.
   * @param address of the client
   * @throws RequestInvalid for a wrong current password or a weak new one; ContextError too_many_requests
   */
  async change(
    caller: Caller,
    { currentPassword, newPassword }: PasswordChange,
    address: string,
  ): Promise<void> {
    const user = await this.users.find(caller.userId);
    if (!user) throw ContextError.of('user_not_found');
    const passwordHash = await this.newPasswords.hash(newPassword, user, 'newPassword');
    const checked = await this.check(user, currentPassword, address);
    const ended = await this.database.transaction(async (transaction) => {
      const now = await this.users.lock(transaction, user.id);
      // Another change may have come between.
      if (now?.passwordHash !== checked.passwordHash) throw wrongPassword();
      await this.users.update(transaction, withPassword(now, passwordHash));
      await this.mails.add(transaction, 'password_changed', now.email);
      await this.audit.record(transaction, { action: 'password.changed', subject: user.id });
      return this.endings.endOthers(transaction, user.id, caller.sessionId, 'password_changed');
    });
    await this.endings.publish(ended);
  }

  /** @throws ContextError too_many_requests */
  async requestReset(email: string, address: string): Promise<void> {
    await this.mails.request('password_reset', email, address);
  }

  /**
   * Sets a password by the token of a mail, and ends all sessions of the account. Who has the token reads the mails of the address, so
   * it counts as verified from then on. A second
   * factor stays: who reads the mails alone does not get past it.
   * @throws ContextError invalid_token; RequestInvalid for a weak password
   */
  async confirmReset(token: string, password: string): Promise<void> {
    const userId = await this.tokens.ownerOf(token, 'password_reset');
    const user = userId && (await this.users.find(userId));
    if (!user) throw ContextError.of('invalid_token');
    const passwordHash = await this.newPasswords.hash(password, user, 'password');
    const ended = await this.database.transaction(async (transaction) => {
      const now = await this.users.lock(transaction, user.id);
      const isGood = (await this.tokens.use(transaction, token, 'password_reset')) === user.id;
      if (!now || !isGood) throw ContextError.of('invalid_token');
      const emailVerifiedAt = now.emailVerifiedAt ?? new Date();
      await this.users.update(transaction, { ...withPassword(now, passwordHash), emailVerifiedAt });
      await this.mails.add(transaction, 'password_changed', now.email);
      await this.audit.record(transaction, { action: 'password.reset', subject: user.id });
      return this.endings.endAll(transaction, user.id, 'password_changed');
    });
    await this.endings.publish(ended);
  }

  /** Guessing costs as it does at the login. */
  private async check({ email }: User, password: string, address: string): Promise<User> {
    try {
      return await this.authentication.authenticate(email, password, address);
    } catch (error) {
      throw hasCode(error, 'invalid_credentials') ? wrongPassword() : error;
    }
  }
}

function wrongPassword(): RequestInvalid {
  return new RequestInvalid([{ path: 'currentPassword', message: 'expected the password of the account' }]);
}
