import { Injectable, Logger } from '@nestjs/common';
import { SignJWT } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { AuditLog, Refusals } from '@fissile/kit/operations';
import {
  type AccessTokenClaims,
  AuthSettings,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from '@fissile/kit/auth';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { clientNetwork } from '@fissile/kit/http';
import { Database, type Transaction } from '@fissile/kit/database';
import { Passwords } from './data/passwords.js';
import { SecretBox } from './data/secret-box.js';
import { SessionRepository } from './data/session-repository.js';
import { UserRepository } from './data/user-repository.js';
import { hashOfSecret as hashOf, newSecret } from './domain/secret.js';
import type { User } from './domain/user.js';
import { KeyRing, type SigningKey } from './key-ring.js';
import { type Bucket, LoginAttempts } from './login-attempts.js';
import { type EndedSessions, SessionEndings } from './session-endings.js';
import { UsersSettings } from './users.settings.js';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
  readonly tokenType: 'Bearer';
}

/** What becomes of a refresh token. */
interface Exchange {
  readonly tokens?: Tokens;
  /** Its session, where there are no tokens and it has one. */
  readonly sessionId?: string;
  /** That session, if it has ended because the token was reused. */
  readonly ended?: EndedSessions;
}

/** What a login is refused for that is the caller's doing. */
const LOGIN_REFUSALS = ['invalid_credentials', 'account_disabled'] as const;

/** Logs users in and out. A session is a family of refresh tokens of which only the newest is valid. */
@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);

  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly passwords: Passwords,
    private readonly attempts: LoginAttempts,
    private readonly keys: KeyRing,
    private readonly box: SecretBox,
    private readonly endings: SessionEndings,
    private readonly settings: UsersSettings,
    private readonly auth: AuthSettings,
    private readonly audit: AuditLog,
    private readonly refusals: Refusals,
  ) {}

  /** @throws ContextError invalid_credentials, account_disabled, too_many_requests */
  async login(email: string, password: string, address: string, userAgent?: string): Promise<Tokens> {
    try {
      return await this.logIn(email, password, address, userAgent);
    } catch (error) {
      const reason = LOGIN_REFUSALS.find((code) => hasCode(error, code));
      if (reason) await this.recordRefused('login.failed', email, { reason });
      throw error;
    }
  }

  private async logIn(
    email: string,
    password: string,
    address: string,
    userAgent: string | undefined,
  ): Promise<Tokens> {
    const { id, passwordHash } = await this.authenticate(email, password, address);
    const key = await this.keys.current();
    const tokens = await this.database.transaction(async (transaction) => {
      // Checking a password takes a while, and the account may have changed or been deleted meanwhile.
      const user = await this.users.lockAsIs(transaction, id);
      if (user?.passwordHash !== passwordHash) throw ContextError.of('invalid_credentials');
      if (user.status === 'disabled') throw ContextError.of('account_disabled');
      const sessionId = uuidv7();
      await this.sessions.begin(transaction, sessionId, user.id, {
        network: clientNetwork(address),
        userAgent,
      });
      const details = { sessionId };
      await this.audit.record(transaction, { action: 'login.succeeded', subject: user.id, details });
      return this.issue(transaction, user, sessionId, key, newSecret());
    });
    // The session exists: that its network is not remembered costs a guess too many at most.
    await this.attempts.remember(id, address).catch((error: unknown) => this.logger.warn(String(error)));
    return tokens;
  }

  /**
   * Exchanges a refresh token for new tokens. One that was exchanged a moment ago is exchanged for the same one again, since
   * its holder may have lost the answer, until that one is used. Otherwise it has been stolen, or copied by mistake: there is no
   * way to know who holds the newer one, so the whole session ends.
   * @throws ContextError invalid_refresh_token
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const key = await this.keys.current();
    const { tokens, sessionId, ended } = await this.database.transaction((transaction) =>
      this.exchange(transaction, hashOf(refreshToken), key),
    );
    if (tokens) return tokens;
    await this.endings.publish(ended);
    const details = { reason: ended ? 'reused' : 'not valid' };
    const subject = sessionId ?? 'no session';
    await this.refusals.record({ action: 'refresh.refused', subject, details });
    throw ContextError.of('invalid_refresh_token');
  }

  async logout(sessionId: string): Promise<void> {
    const ended = await this.database.transaction(async (transaction) => {
      await this.audit.record(transaction, { action: 'session.ended', subject: sessionId });
      return this.endings.endOne(transaction, sessionId);
    });
    await this.endings.publish(ended);
  }

  /**
   * Ends the session of a refresh token, as RFC 7009 has it: whoever holds one may, also when the access token has expired. One
   * that nobody knows has nothing left to end.
   */
  async revoke(refreshToken: string): Promise<void> {
    const ended = await this.database.transaction(async (transaction) => {
      const found = await this.sessions.findToken(transaction, hashOf(refreshToken));
      if (!found) return undefined;
      const { sessionId, userId } = found;
      await this.users.lockAsIs(transaction, userId);
      if (!(await this.sessions.lock(transaction, sessionId))) return undefined;
      const details = { userId };
      await this.audit.record(transaction, { action: 'session.ended', subject: sessionId, details });
      return this.endings.endOne(transaction, sessionId);
    });
    await this.endings.publish(ended);
  }

  /**
   * Only a wrong password costs: an outage says nothing about the caller.
   * @throws ContextError invalid_credentials, too_many_requests
   */
  async authenticate(email: string, password: string, address: string): Promise<User> {
    const takeBack = await this.beginAttempt(email, address);
    const user = await this.findByPassword(email, password).catch(async (error: unknown) => {
      await takeBack();
      throw error;
    });
    if (!user) throw ContextError.of('invalid_credentials');
    await takeBack();
    return user;
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

  /** By the account's id: the typed email may be anything. */
  private async recordRefused(
    action: 'login.failed' | 'login.locked_out',
    email: string,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    const user = await this.users.findByEmail(email);
    await this.refusals.record({ action, subject: user?.id ?? 'no account', details });
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

  private async exchange(transaction: Transaction, tokenHash: Buffer, key: SigningKey): Promise<Exchange> {
    const found = await this.sessions.findToken(transaction, tokenHash);
    if (!found) return {};
    const { sessionId, userId } = found;
    const user = await this.users.lockAsIs(transaction, userId);
    const isOpen = await this.sessions.lock(transaction, sessionId);
    if (isOpen && user?.status === 'active') {
      const next = newSecret();
      if (await this.sessions.useToken(transaction, tokenHash, this.box.close(next))) {
        return { tokens: await this.issue(transaction, user, sessionId, key, next) };
      }
      const again = await this.unusedSuccessor(transaction, tokenHash);
      if (again !== undefined) return { tokens: await this.sign(transaction, user, sessionId, key, again) };
    }
    // Under the lock: this includes a token that was exchanged concurrently.
    const isStolen = isOpen && (await this.sessions.findToken(transaction, tokenHash))?.used;
    if (!isStolen) return { sessionId };
    const details = { userId };
    await this.audit.record(transaction, { action: 'session.reused', subject: sessionId, details });
    return { sessionId, ended: await this.endings.endOne(transaction, sessionId) };
  }

  /** What the token was exchanged for within the leeway, as long as nobody has used that. */
  private async unusedSuccessor(transaction: Transaction, tokenHash: Buffer): Promise<string | undefined> {
    const { REFRESH_LEEWAY_SECONDS: leeway } = this.settings;
    const closed = await this.sessions.recentSuccessor(transaction, tokenHash, leeway);
    if (!closed) return undefined;
    const successor = this.box.tryOpen(closed);
    if (successor === undefined) return undefined;
    const found = await this.sessions.findToken(transaction, hashOf(successor));
    return found && !found.used ? successor : undefined;
  }

  private async issue(
    transaction: Transaction,
    user: User,
    sessionId: string,
    key: SigningKey,
    refreshToken: string,
  ): Promise<Tokens> {
    const { REFRESH_TOKEN_DAYS: days, SESSION_DAYS: sessionDays } = this.settings;
    await this.sessions.addToken(transaction, sessionId, hashOf(refreshToken), { days, sessionDays });
    return this.sign(transaction, user, sessionId, key, refreshToken);
  }

  /** Signs before the commit, so that a failure leaves no session and invalidates no refresh token. */
  private async sign(
    transaction: Transaction,
    { id, roles }: User,
    sessionId: string,
    key: SigningKey,
    refreshToken: string,
  ): Promise<Tokens> {
    const issuedAt = await this.sessions.momentOfIssue(transaction, id);
    const expiresIn = this.auth.ACCESS_TOKEN_MINUTES * 60;
    const claims: AccessTokenClaims = { sub: id, sid: sessionId, roles, iat_ms: issuedAt.getTime() };
    return { accessToken: await sign(claims, expiresIn, key), refreshToken, expiresIn, tokenType: 'Bearer' };
  }
}

function sign(claims: AccessTokenClaims, expiresIn: number, { id, privateKey }: SigningKey): Promise<string> {
  const issuedAt = Math.floor(claims.iat_ms / 1000);
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, kid: id, typ: TOKEN_TYPE })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + expiresIn)
    .sign(privateKey);
}
