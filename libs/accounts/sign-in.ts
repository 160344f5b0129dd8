import { Injectable, Logger } from '@nestjs/common';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { RequestInvalid } from '@fissile/kit/http';
import { AuditLog } from '@fissile/kit/operations';
import { AccountMails } from './account-mails.js';
import { Authentication } from './authentication.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { UserRepository } from './data/user-repository.js';
import { type User, withPassword } from './domain/user.js';
import { KeyRing } from './key-ring.js';
import { LoginAttempts } from './login-attempts.js';
import { NewPasswords } from './new-passwords.js';
import { SecondFactors } from './second-factors.js';
import { type Client, SessionsService, type Tokens } from './sessions.service.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, where the account has one: of its app, or a recovery code. */
  readonly code?: string | undefined;
  /** Takes the place of a password that must be changed. */
  readonly newPassword?: string | undefined;
}

/** Who has shown to be a user. */
interface Authenticated {
  readonly user: User;
  readonly hadSecondFactor: boolean;
  /** Of the password that takes the place of the one that must be changed. */
  readonly newHash: string | undefined;
}

/** What a login is refused for that is the caller's doing. */
const REFUSALS = ['invalid_credentials', 'invalid_code', 'account_disabled'] as const;

/** Logs users in: by a password, by a code where the account has a second factor, and by another password where one must be chosen. */
@Injectable()
export class SignIn {
  private readonly logger = new Logger(SignIn.name);

  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly authentication: Authentication,
    private readonly factors: SecondFactors,
    private readonly factorRepository: SecondFactorRepository,
    private readonly newPasswords: NewPasswords,
    private readonly mails: AccountMails,
    private readonly sessions: SessionsService,
    private readonly attempts: LoginAttempts,
    private readonly keys: KeyRing,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @throws ContextError invalid_credentials, second_factor_required, invalid_code, password_change_required, account_disabled,
   * too_many_requests; RequestInvalid for a new password that is weak, or that nothing asks for
   */
  async login(credentials: Credentials, client: Client): Promise<Tokens> {
    try {
      return await this.logIn(credentials, client);
    } catch (error) {
      const reason = REFUSALS.find((code) => hasCode(error, code));
      if (reason) await this.authentication.recordRefused('login.failed', credentials.email, { reason });
      throw error;
    }
  }

  private async logIn(credentials: Credentials, client: Client): Promise<Tokens> {
    const authenticated = await this.authenticate(credentials, client.address);
    const { id } = authenticated.user;
    const key = await this.keys.current();
    const tokens = await this.database.transaction(async (transaction) => {
      const user = await this.lockUnchanged(transaction, authenticated);
      if (user.status === 'disabled') throw ContextError.of('account_disabled');
      await this.replacePassword(transaction, user, authenticated.newHash);
      return this.sessions.begin(transaction, user, key, client);
    });
    // The session exists: that its network is not remembered costs a guess too many at most.
    await this.attempts
      .remember(id, client.address)
      .catch((error: unknown) => this.logger.warn(String(error)));
    return tokens;
  }

  private async authenticate(credentials: Credentials, address: string): Promise<Authenticated> {
    const { email, password, code, newPassword } = credentials;
    let hadSecondFactor = false;
    let newHash: string | undefined;
    const user = await this.authentication.authenticate(email, password, address, async (found) => {
      const factor = await this.factors.activeOf(found);
      if (factor && code === undefined) throw ContextError.of('second_factor_required');
      // First what costs nothing: a code is good once.
      newHash = await this.hashForced(found, newPassword);
      if (factor && code !== undefined) await this.factors.use(found, factor, code);
      hadSecondFactor = factor !== undefined;
    });
    return { user, hadSecondFactor, newHash };
  }

  private async hashForced(user: User, newPassword: string | undefined): Promise<string | undefined> {
    if (newPassword === undefined) {
      if (user.passwordMustChange) throw ContextError.of('password_change_required');
      return undefined;
    }
    if (user.passwordMustChange) return this.newPasswords.hashOfOther(newPassword, user, 'newPassword');
    const message = 'expected only where the password must be changed; see POST /api/users/me/password';
    throw new RequestInvalid([{ path: 'newPassword', message }]);
  }

  /** Checking a password takes a while, and the account may have changed or been deleted meanwhile. */
  private async lockUnchanged(
    transaction: Transaction,
    { user: { id, passwordHash }, hadSecondFactor, newHash }: Authenticated,
  ): Promise<User> {
    const changes = newHash !== undefined;
    const user = await (changes ? this.users.lock(transaction, id) : this.users.lockAsIs(transaction, id));
    if (user?.passwordHash !== passwordHash) throw ContextError.of('invalid_credentials');
    if (!hadSecondFactor && (await this.factorRepository.isActive(transaction, id))) {
      throw ContextError.of('second_factor_required');
    }
    return user;
  }

  private async replacePassword(
    transaction: Transaction,
    user: User,
    passwordHash: string | undefined,
  ): Promise<void> {
    if (passwordHash === undefined) return;
    await this.users.update(transaction, withPassword(user, passwordHash));
    await this.mails.add(transaction, 'password_changed', user.email);
    const details = { reason: 'it had to be' };
    await this.audit.record(transaction, { action: 'password.changed', subject: user.id, details });
  }
}
