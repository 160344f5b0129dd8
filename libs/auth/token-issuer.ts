/** A session or a user whose tokens are refused from a moment on. */
export interface Revocation {
  readonly subjectId: string;
  /** Tokens that were issued until then are refused. */
  readonly revokedAt?: Date | undefined;
}

/**
 * What signs access tokens and revokes them, as other processes see it: the methods of a product's contract that
 * `defineProduct` names as `tokenIssuer`.
 */
export abstract class TokenIssuer {
  /** The public keys that may have signed a token which is still valid, as JWKs in JSON. */
  abstract getSigningKeys(request: object): Promise<{ readonly keys: readonly string[] }>;

  /** What was revoked since then, or all that still matters; with the issuer's own time. */
  abstract listRevocations(request: { since: Date | undefined }): Promise<{
    readonly revocations: readonly Revocation[];
    readonly asOf?: Date | undefined;
  }>;
}

/** The issuer of a product that has none: no token is good. */
export const NO_ISSUER: TokenIssuer = {
  getSigningKeys: async () => ({ keys: [] }),
  listRevocations: async () => ({ revocations: [] }),
};
