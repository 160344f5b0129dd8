import { Injectable } from '@nestjs/common';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { LruMap } from '@fissile/kit/async';
import { ContextError } from '@fissile/kit/contract';
import type { Caller } from '@fissile/kit/request';
import { callerOf } from './oidc-claims.js';
import { OidcProvider } from './oidc-provider.js';
import { OidcSettings } from './oidc.settings.js';
import { isSameIssuer } from './provider-metadata.js';

/** Signatures with a key that only the provider has: a shared secret, or `none`, proves nothing to us. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');
/** Of access tokens, where a type is given: RFC 9068, and what most providers write. */
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt']);
/** Headers by which a token says itself where its key is. */
const KEY_IN_TOKEN = ['jku', 'jwk', 'x5u'];
/** The tolerated clock skew between the provider's machine and this one. */
const CLOCK_TOLERANCE_SECONDS = 10;
const MAX_REMEMBERED = 10_000;
/** A token whose key has been withdrawn is noticed after this time. */
const REMEMBER_MS = 5 * 60_000;

interface Remembered {
  readonly caller: Caller;
  /** In milliseconds since 1970, with the tolerance. */
  readonly expiresAt: number;
  readonly verifiedAt: number;
}

/** Verifies access tokens of the external OpenID provider. */
@Injectable()
export class OidcTokens {
  private readonly remembered = new LruMap<string, Remembered>({ maxEntries: MAX_REMEMBERED });

  constructor(
    private readonly settings: OidcSettings,
    private readonly provider: OidcProvider,
  ) {}

  /** Whether a token says that it is of the external provider, which is yet to be verified. */
  claims(token: string): boolean {
    const { AUTH_ISSUER: issuer } = this.settings;
    if (issuer === undefined) return false;
    if (this.remembered.get(token)) return true;
    try {
      const { iss } = decodeJwt(token);
      return typeof iss === 'string' && isSameIssuer(iss, issuer);
    } catch {
      return false;
    }
  }

  /** @throws ContextError unauthenticated, or unavailable when the keys of the provider cannot be had */
  async verify(token: string): Promise<Caller> {
    const known = this.remembered.get(token);
    const now = Date.now();
    if (known && now < known.expiresAt && Math.abs(now - known.verifiedAt) < REMEMBER_MS) return known.caller;
    this.remembered.delete(token);
    const { caller, exp } = await this.check(token);
    const expiresAt = (exp + CLOCK_TOLERANCE_SECONDS) * 1000;
    this.remembered.set(token, { caller, expiresAt, verifiedAt: now });
    return caller;
  }

  private async check(token: string): Promise<{ caller: Caller; exp: number }> {
    try {
      refuseForeignHeaders(token);
      const { issuer } = await this.provider.metadata();
      const { payload } = await jwtVerify(token, this.provider.findKey, {
        algorithms: ALGORITHMS,
        issuer,
        audience: [...this.settings.AUTH_AUDIENCE],
        requiredClaims: ['exp', 'iat'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      refuseOtherUses(payload);
      return { caller: callerOf(payload, this.settings), exp: payload.exp ?? 0 };
    } catch (error) {
      if (error instanceof ContextError) throw error;
      const expired = error instanceof errors.JWTExpired;
      throw ContextError.of('unauthenticated', expired ? 'The access token has expired' : undefined);
    }
  }
}

/** Before the provider is asked for anything. */
function refuseForeignHeaders(token: string): void {
  const header = decodeProtectedHeader(token);
  const { alg = '', typ } = header;
  if (!ALGORITHMS.includes(alg)) throw new Error('its algorithm is not accepted');
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.has(typ.toLowerCase())))
    throw new Error('it is no access token');
  if (KEY_IN_TOKEN.some((name) => name in header)) throw new Error('it names its key itself');
}

/** The provider signs other tokens with the same keys, and tokens for those who can prove that they hold a key. */
function refuseOtherUses(payload: Readonly<Record<string, unknown>>): void {
  const { typ } = payload;
  // Keycloak writes there what a token is for.
  if (typeof typ === 'string' && !/^bearer$/i.test(typ)) throw new Error('it is no access token');
  if ('at_hash' in payload || 'c_hash' in payload) throw new Error('it is an ID token');
  if ('events' in payload) throw new Error('it is a logout token');
  if ('cnf' in payload) throw new Error('it is bound to a key, which was not proven here');
}
