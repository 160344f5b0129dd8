import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { ContextError } from '@fissile/kit/contract';
import { runDetached } from '@fissile/kit/request';
import { OidcSettings } from './oidc.settings.js';
import { discoveryUrl, type ProviderMetadata, readMetadata } from './provider-metadata.js';

const TIMEOUT_MS = 3_000;
/** A key id that nobody knows makes us ask again, though not for each request that names it. */
const COOLDOWN_MS = 2_000;
/** While the provider is away, it is not asked for each request. */
const PAUSE_AFTER_FAILURE_MS = 2_000;
/** Keys that the provider has withdrawn are forgotten after this time. */
const REFRESH_EVERY_MS = 5 * 60_000;

interface Discovered {
  readonly metadata: ProviderMetadata;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

/** The external OpenID provider: what it says of itself, and the public keys that it signs with. */
@Injectable()
export class OidcProvider implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OidcProvider.name);
  private readonly stopped = new AbortController();
  private discovered: Discovered | undefined;
  private discovery: Promise<Discovered> | undefined;
  private refreshedAt = -Infinity;
  private failedAt = -Infinity;
  private isAway = false;

  constructor(private readonly settings: OidcSettings) {}

  /** The first token need not wait for the keys. A provider that is away does not keep the process from starting. */
  onApplicationBootstrap(): void {
    if (this.settings.AUTH_ISSUER !== undefined) void this.discover().catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.stopped.abort();
  }

  /** @throws ContextError unavailable while the provider does not answer and has not answered before */
  async metadata(): Promise<ProviderMetadata> {
    return (await this.latest()).metadata;
  }

  /**
   * Finds the key that a token names, asking the provider again when it is not among those that are known.
   * @throws JWKSNoMatchingKey for a key that the provider does not have
   * @throws ContextError unavailable when the provider would have to be asked and does not answer
   */
  readonly findKey: JWTVerifyGetKey = async (header, token) => {
    const { keys } = await this.latest();
    try {
      return await runDetached(() => keys(header, token));
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        throw error;
      throw this.unavailable(error);
    }
  };

  /** What is known is used while it is asked for again: the provider may be away for as long as its keys are good. */
  private async latest(): Promise<Discovered> {
    if (!this.discovered) return this.discover();
    if (Math.abs(Date.now() - this.refreshedAt) >= REFRESH_EVERY_MS) {
      void this.discover().catch(() => undefined);
    }
    return this.discovered;
  }

  /** Those who need it at the same time share one answer, so it does not end when the first of them goes away. */
  private discover(): Promise<Discovered> {
    this.discovery ??= runDetached(() => this.ask()).finally(() => (this.discovery = undefined));
    return this.discovery;
  }

  private async ask(): Promise<Discovered> {
    try {
      const metadata = await this.askForMetadata();
      const keys = this.keysAt(metadata.jwks_uri);
      await keys.reload();
      this.refreshedAt = Date.now();
      this.discovered = { metadata, keys };
      return this.discovered;
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  private async askForMetadata(): Promise<ProviderMetadata> {
    const { AUTH_ISSUER: issuer = '' } = this.settings;
    const init = { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
    const response = await this.fetch(discoveryUrl(issuer), init);
    return readMetadata(await response.json(), issuer);
  }

  private keysAt(uri: string): Discovered['keys'] {
    if (this.discovered?.metadata.jwks_uri === uri) return this.discovered.keys;
    return createRemoteJWKSet(new URL(uri), {
      // They are refreshed here: jose would refuse to use those that it has while it cannot.
      cacheMaxAge: Infinity,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: TIMEOUT_MS,
      [customFetch]: (url, init) => this.fetchKeys(url, init),
    });
  }

  private async fetch(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
    const sinceFailure = Date.now() - this.failedAt;
    if (sinceFailure >= 0 && sinceFailure < PAUSE_AFTER_FAILURE_MS)
      throw new Error('it did not answer a moment ago');
    const signal = AbortSignal.any([init.signal, this.stopped.signal]);
    const response = await fetch(url, { ...init, signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`${url} was answered ${response.status}`);
    }
    return response;
  }

  private async fetchKeys(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
    const response = await this.fetch(url, init);
    if (this.isAway) this.logger.log(`The OpenID provider ${this.settings.AUTH_ISSUER} answers again`);
    this.isAway = false;
    return response;
  }

  private unavailable(error: unknown): ContextError {
    const { AUTH_ISSUER: issuer } = this.settings;
    if (!this.isAway && !this.stopped.signal.aborted) {
      this.logger.warn(`The OpenID provider ${issuer} cannot be asked for its keys: ${reasonOf(error)}`);
    }
    // A pause that follows a failure does not prolong itself.
    if (Date.now() - this.failedAt >= PAUSE_AFTER_FAILURE_MS || Date.now() < this.failedAt)
      this.failedAt = Date.now();
    this.isAway = true;
    const retryAfter = Math.ceil(PAUSE_AFTER_FAILURE_MS / 1000);
    return ContextError.of('unavailable', 'The keys of the token issuer cannot be had', { retryAfter });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
