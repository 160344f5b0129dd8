import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  type AccessTokenClaims,
  AuthSettings,
  RevocationBroadcast,
  Revocations,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from '#libs/auth';
import { ContextError } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { Passwords } from './data/passwords.js';
import { type KnownToken, SessionRepository } from './data/session-repository.js';
import { UserRepository } from './data/user-repository.js';
import type { User } from './domain/user.js';
import { KeyRing } from './key-ring.js';
import { LoginAttempts } from './login-attempts.js';
import { UsersSettings } from './users.settings.js';

const DAY_MS = 86_400_000;

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
  readonly tokenType: 'Bearer';
}

/** What tokens are made of, as it was in the transaction that decided to issue them. */
interface Issued {
  readonly user: User;
  readonly sessionId: string;
  readonly refreshToken: string;
  readonly at: Date;
}

/** Logs users in and out. A session is a family of refresh tokens of which only the newest is good. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly passwords: Passwords,
    private readonly attempts: LoginAttempts,
    private readonly keys: KeyRing,
    private readonly revocations: Revocations,
    private readonly broadcast: RevocationBroadcast,
    private readonly settings: UsersSettings,
    private readonly auth: AuthSettings,
  ) {}

  /** @throws ContextError invalid_credentials, account_disabled, too_many_requests */
  async login(email: string, password: string, address: string): Promise<Tokens> {
    const takeBack = this.attempts.begin(email, address);
    // A fault of ours is not a failed login.
    const user = await this.findByPassword(email, password).catch((error: unknown) => {
      takeBack();
      throw error;
    });
    if (!user) throw ContextError.of('invalid_credentials');
    takeBack();
    return this.beginSession(user.id);
  }

  /**
   * Trades a refresh token for new tokens. One that was traded before has been stolen, or copied by mistake: nobody can
   * tell who holds the newer one, so the whole session ends.
   * @throws ContextError invalid_refresh_token
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const known = await this.sessions.findToken(hashOf(refreshToken));
    if (!known) throw ContextError.of('invalid_refresh_token');
    const issued = await this.database.transaction((transaction) =>
      this.trade(transaction, refreshToken, known),
    );
    if (issued) return this.tokens(issued);
    await this.endStolenSession(refreshToken);
    throw ContextError.of('invalid_refresh_token');
  }

  async logout(sessionId: string): Promise<void> {
    await this.end(sessionId);
  }

  private async findByPassword(email: string, password: string): Promise<User | undefined> {
    const user = await this.users.findByEmail(email);
    const matches = await this.passwords.matches(password, user?.passwordHash);
    return matches ? user : undefined;
  }

  /** The user is locked, so that who disables it meanwhile comes before or after, and never in between. */
  private async beginSession(userId: string): Promise<Tokens> {
    const sessionId = uuidv7();
    const issued = await this.database.transaction(async (transaction) => {
      const user = await this.users.lockAsIs(transaction, userId);
      if (!user) throw ContextError.of('invalid_credentials');
      if (user.status === 'disabled') throw ContextError.of('account_disabled');
      await this.sessions.begin(transaction, sessionId, user.id);
      return this.issue(transaction, user, sessionId);
    });
    return this.tokens(issued);
  }

  /** Undefined when the token is not good (any more). */
  private async trade(
    transaction: Transaction,
    refreshToken: string,
    { userId, sessionId }: KnownToken,
  ): Promise<Issued | undefined> {
    const user = await this.users.lockAsIs(transaction, userId);
    await this.sessions.lock(transaction, sessionId);
    const session = await this.sessions.useToken(transaction, hashOf(refreshToken));
    return session && user?.status === 'active' ? this.issue(transaction, user, sessionId) : undefined;
  }

  private async endStolenSession(refreshToken: string): Promise<void> {
    const found = await this.sessions.findToken(hashOf(refreshToken));
    if (found?.used) await this.end(found.sessionId);
  }

  private async end(sessionId: string): Promise<void> {
    const at = await this.database.transaction(async (transaction) => {
      await this.sessions.lock(transaction, sessionId);
      const now = await this.sessions.now(transaction);
      await this.sessions.end(transaction, [sessionId], now);
      return now;
    });
    this.revocations.add(sessionId, at);
    await this.broadcast.tell([sessionId], at);
  }

  private async issue(transaction: Transaction, user: User, sessionId: string): Promise<Issued> {
    const refreshToken = await this.newRefreshToken(transaction, sessionId);
    return { user, sessionId, refreshToken, at: await this.sessions.now(transaction) };
  }

  private async newRefreshToken(transaction: Transaction, sessionId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + this.settings.REFRESH_TOKEN_DAYS * DAY_MS);
    await this.sessions.addToken(transaction, sessionId, hashOf(token), expiresAt);
    return token;
  }

  private async tokens({ user, sessionId, refreshToken, at }: Issued): Promise<Tokens> {
    const expiresIn = this.auth.ACCESS_TOKEN_MINUTES * 60;
    const { id, privateKey } = await this.keys.current();
    const now = at.getTime();
    const claims: AccessTokenClaims = { sub: user.id, sid: sessionId, roles: user.roles, iat_ms: now };
    const accessToken = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, kid: id, typ: TOKEN_TYPE })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor(now / 1000) + expiresIn)
      .sign(privateKey);
    return { accessToken, refreshToken, expiresIn, tokenType: 'Bearer' };
  }
}

/** The token is random, so a plain hash keeps it from who reads the database. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
