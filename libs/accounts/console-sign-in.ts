import { Injectable } from '@nestjs/common';
import { SignInLinks } from '@fissile/kit/auth';
import { isProduction } from '@fissile/kit/config';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { AuditLog, Refusals } from '@fissile/kit/operations';
import { AccountTokenRepository } from './data/account-token-repository.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { UserRepository } from './data/user-repository.js';
import type { User } from './domain/user.js';
import { KeyRing } from './key-ring.js';
import { SecondFactors } from './second-factors.js';
import { type Client, SessionsService, type Tokens } from './sessions.service.js';
import { UsersSettings } from './users.settings.js';

const PURPOSE = 'console_link';
const GOOD_FOR_MINUTES = 10;

const NOT_GOOD =
  'The link was used, or has expired: it is good once, for 10 minutes. Sign in with the password, or start the product again for another link';

/**
 * Signs the first admin in by the link that a start in development shows. It takes the place of typing the password, and of nothing else: an
 * admin who has a second factor, or needs one, gets no link, and a password that must be changed must still be.
 */
@Injectable()
export class ConsoleSignIn extends SignInLinks {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly tokens: AccountTokenRepository,
    private readonly factors: SecondFactors,
    private readonly factorRepository: SecondFactorRepository,
    private readonly sessions: SessionsService,
    private readonly keys: KeyRing,
    private readonly settings: UsersSettings,
    private readonly audit: AuditLog,
    private readonly refusals: Refusals,
  ) {
    super();
  }

  async issue(): Promise<string | undefined> {
    if (isProduction()) return undefined;
    const user = await this.users.findByEmail(this.settings.ADMIN_EMAIL);
    if (!user || !this.isAdmin(user) || (await this.factors.activeOf(user))) return undefined;
    return this.tokens.issue(user.id, PURPOSE, GOOD_FOR_MINUTES);
  }

  /**
   * @param isDirect whether a program of this machine asks, by no proxy
   * @throws ContextError not_found in production, forbidden from elsewhere, invalid_token for one that is not good (any more)
   */
  async signIn(token: string, isDirect: boolean, client: Client): Promise<Tokens> {
    if (isProduction()) throw ContextError.of('not_found');
    if (!isDirect) {
      await this.recordRefused('not from this machine');
      throw ContextError.of(
        'forbidden',
        'The link works on the machine that the product runs on, by no proxy',
      );
    }
    const key = await this.keys.current();
    const tokens = await this.database.transaction(async (transaction) => {
      const user = await this.use(transaction, token);
      if (!user) return undefined;
      await this.audit.record(transaction, { action: 'sign_in_link.used', subject: user.id });
      return this.sessions.begin(transaction, user, key, client);
    });
    if (tokens) return tokens;
    await this.recordRefused('not good');
    throw ContextError.of('invalid_token', NOT_GOOD);
  }

  /** The account may have changed since the link was made. */
  private async use(transaction: Transaction, token: string): Promise<User | undefined> {
    const userId = await this.tokens.use(transaction, token, PURPOSE);
    const user = userId === undefined ? undefined : await this.users.lockAsIs(transaction, userId);
    if (!user || !this.isAdmin(user)) return undefined;
    return (await this.factorRepository.isActive(transaction, user.id)) ? undefined : user;
  }

  private isAdmin({ status, roles }: User): boolean {
    return status === 'active' && roles.includes('admin') && !this.factors.isRequiredOf(roles);
  }

  private async recordRefused(reason: string): Promise<void> {
    await this.refusals.record({
      action: 'sign_in_link.refused',
      subject: 'no account',
      details: { reason },
    });
  }
}
