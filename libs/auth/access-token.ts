/** Ed25519: small keys and signatures, and nothing to choose wrongly. A verified token is remembered, so speed matters little. */
export const TOKEN_ALGORITHM = 'EdDSA';
export const TOKEN_ISSUER = 'fissile';
export const TOKEN_AUDIENCE = 'fissile-api';
/** RFC 9068: keeps a token that was made for something else from being taken for an access token. */
export const TOKEN_TYPE = 'at+jwt';

/** What an access token says, beside the registered claims. */
export interface AccessTokenClaims {
  /** The user's id. */
  readonly sub: string;
  /** The session's id. */
  readonly sid: string;
  readonly roles: string[];
  /** What the user must set up to get the role `admin`, which is not among the roles until then. */
  readonly lacks?: 'second_factor' | undefined;
  /** When it was issued, in milliseconds: `iat` is too coarse to compare with a revocation. */
  readonly iat_ms: number;
}
