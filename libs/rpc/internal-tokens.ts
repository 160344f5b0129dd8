import { jwtVerify, SignJWT } from 'jose';
import { ContextError } from '@fissile/kit/contract';

const ALGORITHM = 'HS256';
const TYPE = 'fissile-internal+jwt';
const LIVES_SECONDS = 60;
/** A token is used until it has this long to live. */
const RENEW_BEFORE_SECONDS = 20;
/** How far the clocks of two machines may be apart. */
const CLOCK_TOLERANCE_SECONDS = 10;
const MAX_REMEMBERED = 1_000;

/**
 * The tokens by which the processes of a product authenticate each other. A token is signed with a secret that they share, lives a
 * minute, and is good for one context: one that leaks opens neither the rest nor the next hour.
 */
export class InternalTokens {
  private readonly key: Uint8Array;
  private readonly issued = new Map<string, { token: Promise<string>; renewAt: number }>();
  /** Tokens whose signature was found good, with the end of their life in milliseconds. */
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
   * @param contexts those that this process hosts; the token must be for one of them
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
