import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  SignJWT,
} from 'jose';
import { generationsOf } from '@fissile/kit/config';
import { ContextError } from '@fissile/kit/contract';
import { TrustFailures } from './trust-failures.js';

const ALGORITHM = 'HS256';
const TYPE = 'fissile-internal+jwt';
const LIVES_SECONDS = 60;
/** A token is reused until its remaining lifetime falls to this. */
const RENEW_BEFORE_SECONDS = 20;
/** The tolerated clock skew between two machines: a process whose clock is wrong is better served than refused. */
const CLOCK_TOLERANCE_SECONDS = 300;
const MAX_REMEMBERED = 1_000;

/**
 * The tokens with which the processes of a product authenticate to each other. A token is signed with a shared
 * secret, lives for a minute and what clocks may differ, and is valid for one context: a leaked token gives no access to other
 * contexts, nor after that.
 */
export class InternalTokens {
  private secrets = '';
  /** The first one signs; all are accepted. */
  private keys: readonly [Uint8Array, ...Uint8Array[]] = [new Uint8Array()];
  private readonly issued = new Map<string, { token: Promise<string>; renewAt: number }>();
  /** Verified tokens, with the time in milliseconds until which they are good. */
  private readonly verified = new Map<string, number>();
  readonly failures = new TrustFailures();

  /**
   * @param secret with its generations, one a line; as it is now, where it may change
   * @param issuer the name of this process
   * @param now its clock, in milliseconds
   */
  constructor(
    private readonly secret: string | (() => string),
    private readonly issuer: string,
    private readonly now: () => number = Date.now,
  ) {
    this.renew();
  }

  /** A token that the context accepts. */
  tokenFor(context: string): Promise<string> {
    this.renew();
    const known = this.issued.get(context);
    if (known && known.renewAt > this.now()) return known.token;
    const token = this.issue(context);
    const renewAt = this.now() + (LIVES_SECONDS - RENEW_BEFORE_SECONDS) * 1000;
    this.issued.set(context, { token, renewAt });
    return token;
  }

  /**
   * @param contexts the contexts that this process hosts; the token must be for one of them
   * @throws ContextError internal_port; or unavailable when the token is the product's own, but the clocks or the secrets of
   *   the two processes differ
   */
  async verify(token: string | undefined, contexts: readonly string[]): Promise<void> {
    if (token === undefined) throw ContextError.of('internal_port');
    this.renew();
    const knownUntil = this.verified.get(token);
    if (knownUntil !== undefined && knownUntil > this.now()) return;
    this.verified.delete(token);
    try {
      const { payload } = await this.verifyByAnyKey(token, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        audience: [...contexts],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.now()),
      });
      this.remember(token, ((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000);
    } catch (error) {
      throw this.refusalOf(token, error);
    }
  }

  /** @throws the error for the last key */
  private async verifyByAnyKey(token: string, options: JWTVerifyOptions): Promise<JWTVerifyResult> {
    const [first, ...others] = this.keys;
    try {
      return await jwtVerify(token, first, options);
    } catch (error) {
      let last = error;
      for (const key of others) {
        if (!(last instanceof errors.JWSSignatureVerificationFailed)) break;
        try {
          return await jwtVerify(token, key, options);
        } catch (next) {
          last = next;
        }
      }
      throw last;
    }
  }

  /** What was signed or verified by secrets that have changed counts no more. */
  private renew(): void {
    const secrets = typeof this.secret === 'string' ? this.secret : this.secret();
    if (secrets === this.secrets) return;
    this.secrets = secrets;
    const [first, ...others] = generationsOf(secrets);
    const encoder = new TextEncoder();
    this.keys = [encoder.encode(first), ...others.map((other) => encoder.encode(other))];
    this.issued.clear();
    this.verified.clear();
  }

  /** That processes of the product do not trust each other is for operators to repair, and no fault of who calls. */
  private refusalOf(token: string, error: unknown): ContextError {
    if (error instanceof errors.JWTExpired) {
      const seconds = Math.round(this.now() / 1000 - Number(error.payload.iat ?? error.payload.exp));
      this.failures.add(
        'skew',
        `By this process's clock, a token of ${nameOf(error.payload.iss)} is ${seconds} seconds old; compare the clocks of the two`,
      );
    } else if (error instanceof errors.JWSSignatureVerificationFailed && isOurs(token)) {
      const caller = nameOf(decodeJwt(token).iss);
      this.failures.add('secret', `Whoever calls as ${caller} has another INTERNAL_AUTH_SECRET`);
    } else {
      return ContextError.of('internal_port');
    }
    // It may reach a client of the product, to whom the reason is of no use.
    return ContextError.of('unavailable');
  }

  private issue(context: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(this.issuer)
      .setAudience(context)
      .setIssuedAt(new Date(this.now()))
      .setExpirationTime(new Date(this.now() + LIVES_SECONDS * 1000))
      .sign(this.keys[0]);
  }

  private remember(token: string, until: number): void {
    if (this.verified.size >= MAX_REMEMBERED) this.verified.clear();
    this.verified.set(token, until);
  }
}

function isOurs(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === TYPE;
  } catch {
    return false;
  }
}

/** For the log; the name in a token with another signature may be anything. */
function nameOf(issuer: string | undefined): string {
  return issuer !== undefined && /^[\w#-]{1,60}$/.test(issuer) ? issuer : 'an unnamed process';
}
