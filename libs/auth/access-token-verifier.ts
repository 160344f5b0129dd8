import { Injectable } from '@nestjs/common';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { ContextError } from '@fissile/kit/contract';
import type { Caller } from '@fissile/kit/request';
import { LruMap } from '@fissile/kit/async';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPE } from './access-token.js';
import { OidcSettings } from './oidc/oidc.settings.js';
import { OidcTokens } from './oidc/oidc-tokens.js';
import { RevocationWatch } from './revocation-watch.js';
import { Revocations } from './revocations.js';
import { SigningKeys } from './signing-keys.js';

/** Providers write all groups of a user into a token. */
const MAX_TOKEN_LENGTH = 8_192;
const MAX_REMEMBERED = 10_000;

const Claims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  roles: z.array(z.string()),
  lacks: z.literal('second_factor').optional(),
  iat_ms: z.number(),
  exp: z.number(),
});
type Claims = z.output<typeof Claims>;

/** Verifies access tokens: signature, claims and, for those of the product's own users, revocation. */
@Injectable()
export class AccessTokenVerifier {
  /** Tokens whose signature was found good. */
  private readonly remembered = new LruMap<string, Claims>({ maxEntries: MAX_REMEMBERED });

  constructor(
    private readonly keys: SigningKeys,
    private readonly revocations: Revocations,
    private readonly watch: RevocationWatch,
    private readonly external: OidcTokens,
    private readonly settings: OidcSettings,
  ) {}

  /**
   * @param authorization the Authorization header
   * @throws ContextError unauthenticated, or unavailable when the signing keys or the revocations cannot be fetched
   */
  async verify(authorization: string | undefined): Promise<Caller> {
    const token = bearerToken(authorization);
    if (token === undefined) throw ContextError.of('unauthenticated');
    // A token that was found good once need not be decoded to see whose it is.
    const isOwn = this.remembered.get(token) !== undefined || !this.external.claims(token);
    return isOwn ? this.verifyOwn(token) : this.external.verify(token);
  }

  /** Who is behind a good token; undefined for any other. */
  async callerOf(authorization: string | undefined): Promise<Caller | undefined> {
    if (authorization === undefined) return undefined;
    return this.verify(authorization).catch(() => undefined);
  }

  private async verifyOwn(token: string): Promise<Caller> {
    if (!this.settings.AUTH_OWN_TOKENS) throw ContextError.of('unauthenticated');
    const { sub, sid, roles, lacks, iat_ms: issuedAt } = await this.claimsOf(token);
    await this.watch.caughtUp();
    if (this.revocations.covers(sub, issuedAt) || this.revocations.covers(sid, issuedAt)) {
      throw ContextError.of('unauthenticated', 'The access token has been revoked');
    }
    return { userId: sub, sessionId: sid, roles, ...(lacks && { lacks }) };
  }

  private async claimsOf(token: string): Promise<Claims> {
    const known = this.remembered.get(token);
    if (known) {
      if (known.exp * 1000 > Date.now()) return known;
      this.remembered.delete(token);
      throw ContextError.of('unauthenticated', 'The access token has expired');
    }
    const claims = await this.check(token);
    this.remembered.set(token, claims);
    return claims;
  }

  private async check(token: string): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, this.keys.find, {
        algorithms: [TOKEN_ALGORITHM],
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
        typ: TOKEN_TYPE,
      });
      return Claims.parse(payload);
    } catch (error) {
      if (error instanceof ContextError) throw error;
      const expired = error instanceof errors.JWTExpired;
      throw ContextError.of('unauthenticated', expired ? 'The access token has expired' : undefined);
    }
  }
}

/** The token of an Authorization header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_TOKEN_LENGTH) return undefined;
  return /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
}
