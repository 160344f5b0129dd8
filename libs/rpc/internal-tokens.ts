import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyOptions,
  type ProtectedHeaderParameters,
} from 'jose';
import { type Component, ContextError } from '@fissile/kit/contract';
import type { Credentials, KnownKey } from './identity/credentials.js';
import { SharedSecret } from './identity/shared-secret.js';
import { TrustFailures } from './trust-failures.js';

const ALGORITHMS = ['HS256', 'EdDSA'];
const TYPE = 'fissile-internal+jwt';
const LIVES_SECONDS = 60;
/** A token is reused until its remaining lifetime falls to 20 seconds. */
const RENEW_AFTER_MS = (LIVES_SECONDS - 20) * 1_000;
/** The tolerated clock skew between two machines: a process whose clock is wrong is better served than refused. */
const CLOCK_TOLERANCE_SECONDS = 300;
const MAX_REMEMBERED = 1_000;

/** The process that has made a token. */
export interface CallingProcess {
  readonly name: string;
  /** Whether it has signed with a key of its own, and so is who it says. */
  readonly hasOwnKey: boolean;
  /** What it hosts: as whoever made its key known says, or with a shared secret, as it says itself. */
  readonly hosts?: readonly Component[] | undefined;
}

/**
 * The tokens with which the processes of a product authenticate to each other. A token is signed with the key of the process that
 * makes it, lives for a minute and what clocks may differ, and is valid for one context: a leaked token gives no access to other
 * contexts, nor after that.
 */
export class InternalTokens {
  private readonly credentials: Credentials;
  private version = 0;
  private readonly issued = new Map<string, { token: Promise<string>; madeAt: number }>();
  /** Verified tokens, with the time in milliseconds until which they are good. */
  private readonly verified = new Map<string, { readonly process: CallingProcess; readonly until: number }>();
  readonly failures = new TrustFailures();

  /**
   * @param credentials the keys of this process and of others, or a secret that all of them share
   * @param issuer the name of this process
   * @param now its clock, in milliseconds
   * @param hosts what it hosts, told to those with which it shares a secret
   */
  constructor(
    credentials: Credentials | string,
    private readonly issuer: string,
    private readonly now: () => number = Date.now,
    private readonly hosts?: readonly Component[],
  ) {
    this.credentials = typeof credentials === 'string' ? new SharedSecret(() => credentials) : credentials;
  }

  /** A token that the context accepts. */
  tokenFor(context: string): Promise<string> {
    this.renew();
    const now = this.now();
    const known = this.issued.get(context);
    // A clock that was ahead and is right again has made tokens that nobody takes.
    if (known && known.madeAt <= now && now < known.madeAt + RENEW_AFTER_MS) return known.token;
    const token = this.issue(context);
    this.issued.set(context, { token, madeAt: now });
    return token;
  }

  /**
   * @param contexts the contexts that this process hosts; the token must be for one of them
   * @returns who has signed it
   * @throws ContextError internal_port; or unavailable when the token is the product's own, but the clocks or the keys of
   *   the two processes differ
   */
  async verify(token: string | undefined, contexts: readonly string[]): Promise<CallingProcess> {
    if (token === undefined) throw ContextError.of('internal_port');
    this.renew();
    const known = this.verified.get(token);
    if (known && known.until > this.now()) return known.process;
    this.verified.delete(token);
    const keys = this.keysOf(token);
    const { payload, key } = await verifyByAny(token, keys, {
      algorithms: ALGORITHMS,
      typ: TYPE,
      audience: [...contexts],
      requiredClaims: ['exp', 'iss'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(this.now()),
    }).catch((error: unknown) => {
      throw this.refusalOf(token, error);
    });
    const { exp = 0 } = payload;
    // One from a clock that is far ahead would be good for longer than a token lives.
    if (exp - this.now() / 1000 > LIVES_SECONDS + CLOCK_TOLERANCE_SECONDS) throw this.skewOf(payload);
    const hasOwnKey = key.process !== undefined;
    const hosts = hasOwnKey ? key.hosts : hostsIn(payload);
    const process: CallingProcess = { name: payload.iss ?? '', hasOwnKey, ...(hosts && { hosts }) };
    this.remember(token, process, (exp + CLOCK_TOLERANCE_SECONDS) * 1000);
    return process;
  }

  private renew(): void {
    if (this.credentials.version === this.version) return;
    this.version = this.credentials.version;
    this.issued.clear();
    this.verified.clear();
  }

  /** @throws ContextError as verify() does, when this process knows no such key */
  private keysOf(token: string): readonly [KnownKey, ...KnownKey[]] {
    let header: ProtectedHeaderParameters;
    try {
      header = decodeProtectedHeader(token);
    } catch {
      throw ContextError.of('internal_port');
    }
    const [first, ...others] = this.credentials.keysOf(header);
    if (first) return [first, ...others];
    if (!isOurs(token)) throw ContextError.of('internal_port');
    this.failures.add('key', `Whoever calls as ${callerOf(token)} signs with a key that is not known here`);
    throw ContextError.of('unavailable');
  }

  /** That processes of the product do not trust each other is for operators to repair, and no fault of who calls. */
  private refusalOf(token: string, error: unknown): ContextError {
    if (error instanceof errors.JWTExpired) return this.skewOf(error.payload);
    if (error instanceof errors.JWSSignatureVerificationFailed && isOurs(token)) {
      this.failures.add('secret', `Whoever calls as ${callerOf(token)} has another INTERNAL_AUTH_SECRET`);
    } else {
      return ContextError.of('internal_port');
    }
    // It may reach a client of the product, to whom the reason is of no use.
    return ContextError.of('unavailable');
  }

  /** Tokens of earlier versions do not say when they were made. */
  private skewOf({ iss, exp, iat = Number(exp) - LIVES_SECONDS }: JWTPayload): ContextError {
    const seconds = Math.round(this.now() / 1000 - iat);
    const age = seconds < 0 ? `from ${-seconds} seconds ahead` : `${seconds} seconds old`;
    const explanation = `By this process's clock, a token of ${nameOf(iss)} is ${age}; compare the clocks of the two`;
    this.failures.add('skew', explanation);
    return ContextError.of('unavailable');
  }

  private issue(context: string): Promise<string> {
    const seconds = Math.floor(this.now() / 1000);
    const claims: JWTPayload = {
      iss: this.issuer,
      aud: context,
      iat: seconds,
      exp: seconds + LIVES_SECONDS,
      ...(this.hosts && { hosts: this.hosts }),
    };
    return this.credentials.sign(claims, TYPE);
  }

  private remember(token: string, process: CallingProcess, until: number): void {
    if (this.verified.size >= MAX_REMEMBERED) this.verified.clear();
    this.verified.set(token, { process, until });
  }
}

/** @throws the error for the last key that was tried */
async function verifyByAny(
  token: string,
  [first, ...others]: readonly [KnownKey, ...KnownKey[]],
  options: JWTVerifyOptions,
): Promise<{ payload: JWTPayload; key: KnownKey }> {
  try {
    // Who has a key of its own is the process of that key, and no other.
    const issuer = first.process;
    const { payload } = await jwtVerify(token, first.key, {
      ...options,
      ...(issuer !== undefined && { issuer }),
    });
    return { payload, key: first };
  } catch (error) {
    const [next, ...rest] = others;
    if (!next || !(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    return verifyByAny(token, [next, ...rest], options);
  }
}

function hostsIn({ hosts }: JWTPayload): readonly Component[] | undefined {
  return Array.isArray(hosts) && hosts.every((each) => typeof each === 'string') ? hosts : undefined;
}

function isOurs(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === TYPE;
  } catch {
    return false;
  }
}

function callerOf(token: string): string {
  try {
    return nameOf(decodeJwt(token).iss);
  } catch {
    return nameOf(undefined);
  }
}

/** For the log; the name in a token with another signature may be anything. */
function nameOf(issuer: string | undefined): string {
  return issuer !== undefined && /^[\w#-]{1,60}$/.test(issuer) ? issuer : 'an unnamed process';
}
