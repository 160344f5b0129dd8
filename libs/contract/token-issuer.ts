import type { Contract } from './contract.js';

/** A session or a user whose tokens are refused from a moment on. */
export interface Revocation {
  readonly subjectId: string;
  /** Tokens that were issued until then are refused. */
  readonly revokedAt?: Date | undefined;
}

/**
 * What signs access tokens and revokes them, as other processes see it: the methods of the contract that a product names
 * as its `tokenIssuer`. Nest injects it by this class.
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

/** A contract that has these methods, among others. */
export type TokenIssuerContract = Contract & (abstract new () => TokenIssuer);
