import { Injectable } from '@nestjs/common';
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
import { ContextError } from '@fissile/kit/contract';
import { clientNetwork } from '@fissile/kit/http';
import { Database, type Transaction } from '@fissile/kit/database';
import { SecretBox } from './data/secret-box.js';
import { type FoundToken, SessionRepository } from './data/session-repository.js';
import { UserRepository } from './data/user-repository.js';
import type { RefusalReason } from './domain/end-reason.js';
import { hashOfSecret as hashOf, newSecret } from './domain/secret.js';
import type { User } from './domain/user.js';
import { KeyRing, type SigningKey } from './key-ring.js';
import { SecondFactors } from './second-factors.js';
import { type EndedSessions, SessionEndings } from './session-endings.js';
import { UsersSettings } from './users.settings.js';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
  readonly tokenType: 'Bearer';
}

/** Who begins a session. */
export interface Client {
  readonly address: string;
  readonly userAgent?: string | undefined;
}

/** What becomes of a refresh token. */
interface Exchange {
  readonly tokens?: Tokens;
  /** Its session, where there are no tokens and it has one. */
  readonly sessionId?: string;
  /** That session, if it has ended because the token was reused. */
  readonly ended?: EndedSessions;
  /** Why there are no tokens. */
  readonly reason?: RefusalReason;
}

/** Begins, continues and ends sessions. A session is a family of refresh tokens of which only the newest is valid. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly factors: SecondFactors,
    private readonly keys: KeyRing,
    private readonly box: SecretBox,
    private readonly endings: SessionEndings,
    private readonly settings: UsersSettings,
    private readonly auth: AuthSettings,
    private readonly audit: AuditLog,
    private readonly refusals: Refusals,
  ) {}

  /** Begins a session of a user who is locked, and has shown to be that user. */
  async begin(transaction: Transaction, user: User, key: SigningKey, client: Client): Promise<Tokens> {
    const { address, userAgent } = client;
    const sessionId = uuidv7();
    await this.sessions.begin(transaction, sessionId, user.id, {
      network: clientNetwork(address),
      userAgent,
    });
    const details = { sessionId };
    await this.audit.record(transaction, { action: 'login.succeeded', subject: user.id, details });
    return this.issue(transaction, user, sessionId, key, newSecret());
  }

  /**
   * Exchanges a refresh token for new tokens. One that was exchanged a moment ago is exchanged for the same one again, since
   * its holder may have lost the answer, until that one is used. Otherwise it has been stolen, or copied by mistake: there is no
   * way to know who holds the newer one, so the whole session ends.
   * @throws ContextError invalid_refresh_token, whose details.reason is a RefusalReason
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const key = await this.keys.current();
    const {
      tokens,
      sessionId,
      ended,
      reason = 'unknown',
    } = await this.database.transaction((transaction) =>
      this.exchange(transaction, hashOf(refreshToken), key),
    );
    if (tokens) return tokens;
    await this.endings.publish(ended);
    const details = { reason: ended ? 'reused' : 'not valid' };
    const subject = sessionId ?? 'no session';
    await this.refusals.record({ action: 'refresh.refused', subject, details });
    throw ContextError.of('invalid_refresh_token', undefined, { reason });
  }

  async logout(sessionId: string): Promise<void> {
    const ended = await this.database.transaction(async (transaction) => {
      await this.audit.record(transaction, { action: 'session.ended', subject: sessionId });
      return this.endings.endOne(transaction, sessionId, 'signed_out');
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
      return this.endings.endOne(transaction, sessionId, 'signed_out');
    });
    await this.endings.publish(ended);
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
    if (!isStolen) return { sessionId, reason: reasonOf(found) };
    const details = { userId };
    await this.audit.record(transaction, { action: 'session.reused', subject: sessionId, details });
    const ended = await this.endings.endOne(transaction, sessionId, 'reused');
    return { sessionId, ended, reason: 'reused' };
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
    user: User,
    sessionId: string,
    key: SigningKey,
    refreshToken: string,
  ): Promise<Tokens> {
    const issuedAt = await this.sessions.momentOfIssue(transaction, user.id);
    const expiresIn = this.auth.ACCESS_TOKEN_MINUTES * 60;
    const rights = await this.rightsOf(transaction, user);
    const claims: AccessTokenClaims = { sub: user.id, sid: sessionId, ...rights, iat_ms: issuedAt.getTime() };
    return { accessToken: await sign(claims, expiresIn, key), refreshToken, expiresIn, tokenType: 'Bearer' };
  }

  /** A token says who is an admin only where nothing is missing for that, so whatever asks for the role refuses it. */
  private async rightsOf(
    transaction: Transaction,
    user: User,
  ): Promise<Pick<AccessTokenClaims, 'roles' | 'lacks'>> {
    if (!(await this.factors.isMissing(transaction, user))) return { roles: user.roles };
    return { roles: user.roles.filter((role) => role !== 'admin'), lacks: 'second_factor' };
  }
}

function reasonOf({ endReason, isExpired }: FoundToken): RefusalReason {
  return endReason ?? (isExpired ? 'expired' : 'unknown');
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
