import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditLog } from '@fissile/kit/operations';
import { ContextError } from '@fissile/kit/contract';
import { UserRegistered } from '@fissile/kit/users';
import { Database, type Transaction, violatesUnique } from '@fissile/kit/database';
import { checkVersion, type ExpectedVersions, RequestInvalid } from '@fissile/kit/http';
import { Outbox } from '@fissile/kit/messaging';
import { commonPasswords } from './data/common-passwords.js';
import { Passwords } from './data/passwords.js';
import { UserRepository } from './data/user-repository.js';
import { weaknessOf } from './domain/password-rules.js';
import { firstRole } from './domain/roles.js';
import { endsTokens, isActiveAdmin, type User, type UserChange } from './domain/user.js';
import { EmailVerification } from './email-verification.js';
import { type EndedSessions, SessionEndings } from './session-endings.js';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** Creates accounts and changes them. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly outbox: Outbox,
    private readonly endings: SessionEndings,
    private readonly audit: AuditLog,
    private readonly verification: EmailVerification,
  ) {}

  /**
   * Where only verified addresses can sign in, a taken one gets the same answer as a free one, and its holder a mail.
   * @throws RequestInvalid when the password is easy to guess; ContextError email_taken
   */
  async register({ email, password, name }: Registration): Promise<User> {
    const weakness = weaknessOf(password, email, await commonPasswords());
    if (weakness) throw new RequestInvalid([{ path: 'password', message: weakness }]);
    const passwordHash = await this.passwords.hash(password);
    const user: User = {
      id: uuidv7(),
      email,
      name,
      passwordHash,
      passwordMustChange: false,
      roles: [firstRole()],
      status: 'active',
      version: 1,
      createdAt: new Date(),
      emailVerifiedAt: null,
      erasedAt: null,
    };
    try {
      await this.database.transaction(async (transaction) => {
        await this.users.insert(transaction, user);
        this.outbox.add(transaction, UserRegistered, { userId: user.id });
        await this.verification.begin(transaction, email);
        await this.audit.record(transaction, { action: 'user.registered', subject: user.id });
      });
    } catch (error) {
      if (!violatesUnique(error, 'users_email_once')) throw error;
      if (!this.verification.isRequired) throw ContextError.of('email_taken');
      await this.verification.reportTaken(email);
    }
    return user;
  }

  /** @throws ContextError user_not_found */
  async read(id: string): Promise<User> {
    const user = await this.users.find(id);
    if (!user) throw ContextError.of('user_not_found');
    return user;
  }

  /** @throws ContextError user_not_found, user_erased, version_mismatch, last_admin */
  async change(id: string, change: UserChange, expected: ExpectedVersions): Promise<User> {
    const { user, ended } = await this.database.transaction(async (transaction) => {
      await this.users.lockAdmins(transaction);
      const before = await this.users.lock(transaction, id);
      if (!before) throw ContextError.of('user_not_found');
      if (before.erasedAt) throw ContextError.of('user_erased');
      checkVersion(expected, before.version);
      const after = applyChange(before, change);
      await this.users.update(transaction, after);
      await this.recordRights(transaction, before, after);
      if (isActiveAdmin(before) && (await this.users.countActiveAdmins(transaction)) === 0) {
        throw ContextError.of('last_admin');
      }
      return { user: after, ended: await this.revokeTokens(transaction, before, after) };
    });
    await this.endings.publish(ended);
    return user;
  }

  private async recordRights(transaction: Transaction, before: User, after: User): Promise<void> {
    const { id: subject, roles, status } = after;
    if (before.roles.join() !== roles.join()) {
      const details = { from: before.roles, to: roles };
      await this.audit.record(transaction, { action: 'user.roles_changed', subject, details });
    }
    if (before.status !== status) {
      const details = { from: before.status, to: status };
      await this.audit.record(transaction, { action: 'user.status_changed', subject, details });
    }
  }

  /** Tokens contain roles, so a change of roles revokes the tokens; disabling a user also ends the sessions. */
  private async revokeTokens(
    transaction: Transaction,
    before: User,
    after: User,
  ): Promise<EndedSessions | undefined> {
    if (!endsTokens(before, after)) return undefined;
    return after.status === 'disabled'
      ? this.endings.endAll(transaction, after.id, 'ended_by_admin')
      : this.endings.refuseTokens(transaction, after.id);
  }
}

function applyChange(user: User, { name, roles, status }: UserChange): User {
  return {
    ...user,
    ...(name !== undefined && { name }),
    ...(roles !== undefined && { roles: [...new Set(roles)] }),
    ...(status !== undefined && { status }),
    version: user.version + 1,
  };
}
