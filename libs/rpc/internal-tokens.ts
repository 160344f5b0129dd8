import { jwtVerify, SignJWT } from 'jose';
import { ContextError } from '@fissile/kit/contract';

const ALGORITHM = 'HS256';
const TYPE = 'fissile-internal+jwt';
const LIVES_SECONDS = 60;
/** A token is reused until its remaining lifetime falls to this. */
const RENEW_BEFORE_SECONDS = 20;
/** The tolerated clock skew between two machines. */
const CLOCK_TOLERANCE_SECONDS = 10;
const MAX_REMEMBERED = 1_000;

/**
 * The tokens with which the processes of a product authenticate to each other. A token is signed with a shared
 * secret, lives for a minute, and is valid for one context: a leaked token gives no access to other contexts, nor
 * after it expires.
 */
export class InternalTokens {
  private readonly key: Uint8Array;
  private readonly issued = new Map<string, { token: Promise<string>; renewAt: number }>();
  /** Verified tokens, with their expiry in milliseconds. */
  private readonly verified = new Map<string, number>();

  /** @param issuer the name of this process */
  constructor(
    secret: string,
    private readonly issuer: string,
  ) {
    this.key = new TextEncoder().encode(secret);
  }

  /** A token that the context accepts. */
  tokenFor(context: string): Promise<string> {
    const known = this.issued.get(context);
    if (known && known.renewAt > Date.now()) return known.token;
    const token = this.issue(context);
    const renewAt = Date.now() + (LIVES_SECONDS - RENEW_BEFORE_SECONDS) * 1000;
    this.issued.set(context, { token, renewAt });
    return token;
  }

  /**
   * @param contexts the contexts that this process hosts; the token must be for one of them
   * @throws ContextError internal_port
   */
  async verify(token: string | undefined, contexts: readonly string[]): Promise<void> {
    if (token === undefined) throw ContextError.of('internal_port');
    const knownUntil = this.verified.get(token);
    if (knownUntil !== undefined && knownUntil > Date.now()) return;
    this.verified.delete(token);
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        audience: [...contexts],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      this.remember(token, (payload.exp ?? 0) * 1000);
    } catch {
      throw ContextError.of('internal_port');
    }
  }

  private issue(context: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(this.issuer)
      .setAudience(context)
      .setExpirationTime(`${LIVES_SECONDS}s`)
      .sign(this.key);
  }

  private remember(token: string, until: number): void {
    if (this.verified.size >= MAX_REMEMBERED) this.verified.clear();
    this.verified.set(token, until);
  }
}
