import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, errors, type JWK, type JWTVerifyGetKey } from 'jose';
import { ContextError, TokenIssuer } from '@fissile/kit/contract';
import { runDetached } from '@fissile/kit/request';

/**
 * An unknown key id must not cause a request for each token that names it. What was answered so lately has all
 * keys that sign by now, since a key is published for much longer before it does.
 */
const ASK_AT_MOST_EVERY_MS = 2_000;

/** The public keys that access tokens are signed with, fetched from the issuer and cached. */
@Injectable()
export class SigningKeys {
  private current: JWTVerifyGetKey | undefined;
  private answeredAt = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(private readonly issuer: TokenIssuer) {}

  /** Finds the key that a token names; asks again when it is not among those that are known. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.current) await this.ask();
    try {
      return await this.findKnown(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.hasJustAsked()) throw error;
      await this.ask();
      return this.findKnown(header, token);
    }
  };

  private async findKnown(
    ...parameters: Parameters<JWTVerifyGetKey>
  ): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    if (!this.current) throw new Error('no signing keys are known');
    return this.current(...parameters);
  }

  /** A clock that was put back must not keep us from asking. */
  private hasJustAsked(): boolean {
    const age = Date.now() - this.answeredAt;
    return !this.asking && age >= 0 && age < ASK_AT_MOST_EVERY_MS;
  }

  /**
   * Concurrent callers share one request, so it does not end when the first of them is cancelled.
   * @throws ContextError unavailable while the issuer is unavailable
   */
  private ask(): Promise<void> {
    this.asking ??= runDetached(() => this.askIssuer()).finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async askIssuer(): Promise<void> {
    const { keys } = await this.issuer.getSigningKeys({});
    this.current = readKeySet(keys);
    this.answeredAt = Date.now();
  }
}

/** @throws ContextError unavailable: keys that cannot be read are no fault of a token that names one */
function readKeySet(keys: readonly string[]): JWTVerifyGetKey {
  try {
    return createLocalJWKSet({ keys: keys.map((key) => JSON.parse(key) as JWK) });
  } catch {
    throw ContextError.of('unavailable', 'The signing keys cannot be read');
  }
}
