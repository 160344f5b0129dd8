import { Injectable } from '@nestjs/common';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { Refusals } from '@fissile/kit/operations';
import { Passwords } from './data/passwords.js';
import { UserRepository } from './data/user-repository.js';
import type { User } from './domain/user.js';
import { type Bucket, LoginAttempts } from './login-attempts.js';
import { UsersSettings } from './users.settings.js';

/** What a wrong guess is answered with. Anything else, such as an outage, says nothing about the caller. */
const WRONG_GUESSES = ['invalid_credentials', 'invalid_code'] as const;

/** Checks who somebody is, and has each wrong guess count towards the limits. */
@Injectable()
export class Authentication {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly attempts: LoginAttempts,
    private readonly settings: UsersSettings,
    private readonly refusals: Refusals,
  ) {}

  /**
   * @param address of the client
   * @param checkFurther what else must be right before the attempt counts as none
   * @throws ContextError invalid_credentials, too_many_requests, and what checkFurther throws
   */
  async authenticate(
    email: string,
    password: string,
    address: string,
    checkFurther: (user: User) => Promise<void> = () => Promise.resolve(),
  ): Promise<User> {
    const takeBack = await this.beginAttempt(email, address);
    const user = await this.check(email, password, checkFurther).catch(async (error: unknown) => {
      if (!WRONG_GUESSES.some((code) => hasCode(error, code))) await takeBack();
      throw error;
    });
    await takeBack();
    return user;
  }

  private async check(
    email: string,
    password: string,
    checkFurther: (user: User) => Promise<void>,
  ): Promise<User> {
    const user = await this.findByPassword(email, password);
    if (!user) throw ContextError.of('invalid_credentials');
    await checkFurther(user);
    return user;
  }

  /** By the account's id: the typed email may be anything. */
  async recordRefused(
    action: 'login.failed' | 'login.locked_out',
    email: string,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    const user = await this.users.findByEmail(email);
    await this.refusals.record({ action, subject: user?.id ?? 'no account', details });
  }

  /** Continued guessing is recorded once, until an attempt is allowed again. */
  private async beginAttempt(email: string, address: string): Promise<() => Promise<void>> {
    let shut: Bucket | undefined;
    try {
      return await this.attempts.begin(email, address, (bucket) => (shut = bucket));
    } catch (error) {
      if (shut) await this.recordRefused('login.locked_out', email, { tooManyOf: shut });
      throw error;
    }
  }

  private async findByPassword(email: string, password: string): Promise<User | undefined> {
    const user = await this.users.findByEmail(email);
    const matches = await this.passwords.matches(password, user?.passwordHash);
    return matches && this.mayKnowOf(user) ? user : undefined;
  }

  /**
   * Where addresses must be verified, who registered a free one learns no more by signing in than who registered a taken one: both
   * passwords open nothing.
   */
  private mayKnowOf(user: User | undefined): boolean {
    return this.settings.EMAIL_VERIFICATION !== 'required' || Boolean(user?.emailVerifiedAt);
  }
}
