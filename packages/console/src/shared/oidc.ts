import { SESSION_ROUTES, type Tokens } from '@fissile/api-client';

/** How people sign in to this product, as the gateway tells it. */
export interface SignInOptions {
  readonly password: boolean;
  readonly oidc: OidcOptions | null;
  readonly problem: string | null;
}

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly endSessionEndpoint: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What this tab remembers while its user is at the provider. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The page behind the # to come back to. */
  readonly returnTo: string;
}

/** What this tab knows of a session that the provider has begun. */
interface KeptSession {
  readonly options: OidcOptions;
  readonly idToken: string;
}

interface TokenAnswer {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly error?: string;
  readonly error_description?: string;
}

const SECRET_BYTES = 32;
/** The tolerated difference between the provider's clock and that of this machine. */
const CLOCK_TOLERANCE_SECONDS = 60;

export async function fetchSignInOptions(): Promise<SignInOptions> {
  const response = await fetch('/sign-in.json');
  if (!response.ok) throw new Error('It cannot be found out how to sign in. Is the product running?');
  return (await response.json()) as SignInOptions;
}

/** Whether the provider has just sent the user back. */
export function isBackFromSignIn(): boolean {
  const query = new URLSearchParams(location.search);
  return query.has('state') && (query.has('code') || query.has('error'));
}

/**
 * What an external provider has to do with the session of a page: authorization code with PKCE, and renewing and ending
 * what it has begun.
 */
export class ProviderSession {
  private readonly pendingKey: string;
  private readonly sessionKey: string;

  /** @param key where the page keeps its session in this tab; that of another page is another one */
  constructor(key: string) {
    this.pendingKey = `${key}.pending`;
    this.sessionKey = `${key}.provider`;
  }

  /** Sends the user to the provider, who sends them back here. */
  async leave(options: OidcOptions): Promise<void> {
    // A page that comes over plain HTTP has no SubtleCrypto, and would show the code to the network.
    if (!isSecureContext) throw new Error('Open this page by https to sign in.');
    const pending = { state: secret(), nonce: secret(), verifier: secret(), returnTo: location.hash };
    sessionStorage.setItem(this.pendingKey, JSON.stringify(pending));
    const url = new URL(options.authorizationEndpoint);
    const query = {
      ...options.parameters,
      response_type: 'code',
      client_id: options.clientId,
      redirect_uri: redirectUri(),
      scope: options.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await sha256(pending.verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    location.assign(url);
  }

  /**
   * Ends what leave() has begun.
   * @throws Error that says to a person why it did not work
   */
  async finish(options: OidcOptions): Promise<Tokens> {
    const query = new URLSearchParams(location.search);
    const pending = this.takePending();
    // The code is good once, and has no place in the history of the browser.
    history.replaceState(null, '', location.pathname + (pending?.returnTo ?? ''));
    if (!pending || query.get('state') !== pending.state)
      throw new Error('This sign-in was not begun here, or too long ago. Sign in again.');
    const error = query.get('error');
    if (error !== null)
      throw new Error(query.get('error_description') ?? `The sign-in service says: ${error}`);
    const from = query.get('iss');
    if (from !== null && from !== options.issuer)
      throw new Error('Another service has answered the sign-in.');
    const answer = await askForTokens(options, {
      grant_type: 'authorization_code',
      code: query.get('code') ?? '',
      redirect_uri: redirectUri(),
      code_verifier: pending.verifier,
    });
    checkIdToken(answer.id_token, options, pending.nonce);
    return this.keep(options, answer);
  }

  /** Forgets what the provider has begun. @returns where to go to end it there too */
  forget(): string | undefined {
    const session = this.read();
    sessionStorage.removeItem(this.sessionKey);
    if (!session?.options.endSessionEndpoint) return undefined;
    const url = new URL(session.options.endSessionEndpoint);
    url.searchParams.set('client_id', session.options.clientId);
    url.searchParams.set('id_token_hint', session.idToken);
    url.searchParams.set('post_logout_redirect_uri', redirectUri());
    return url.href;
  }

  /**
   * Sends the requests of a client. Renewing and ending a session that the provider has begun are its matter, not that of
   * the product's own users.
   * @param next sends all other requests
   */
  async send(request: Request, next: (request: Request) => Promise<Response>): Promise<Response> {
    const session = this.read();
    const { pathname } = new URL(request.url);
    if (!session || request.method !== 'POST') return next(request);
    if (pathname === SESSION_ROUTES.renew) return this.renew(session, request);
    if (pathname === SESSION_ROUTES.end) return new Response(null, { status: 204 });
    return next(request);
  }

  private async renew({ options, idToken }: KeptSession, request: Request): Promise<Response> {
    const { refreshToken } = (await request.json()) as { refreshToken: string };
    const over = new Response(null, { status: 401 });
    if (refreshToken === '') return over;
    try {
      const fields = { grant_type: 'refresh_token', refresh_token: refreshToken };
      const answer = await askForTokens(options, fields);
      return Response.json(this.keep(options, { refresh_token: refreshToken, id_token: idToken, ...answer }));
    } catch (error) {
      if (error instanceof TokenRefused) return over;
      throw error;
    }
  }

  private keep(options: OidcOptions, answer: TokenAnswer): Tokens {
    const session: KeptSession = { options, idToken: answer.id_token ?? '' };
    sessionStorage.setItem(this.sessionKey, JSON.stringify(session));
    return { accessToken: answer.access_token ?? '', refreshToken: answer.refresh_token ?? '' };
  }

  private read(): KeptSession | undefined {
    const text = sessionStorage.getItem(this.sessionKey);
    return text === null ? undefined : (JSON.parse(text) as KeptSession);
  }

  /** It is good once. */
  private takePending(): Pending | undefined {
    const text = sessionStorage.getItem(this.pendingKey);
    sessionStorage.removeItem(this.pendingKey);
    return text === null ? undefined : (JSON.parse(text) as Pending);
  }
}

/** The provider does not give a token for this. */
class TokenRefused extends Error {}

async function askForTokens(
  { tokenEndpoint, clientId, parameters }: OidcOptions,
  fields: Record<string, string>,
): Promise<TokenAnswer> {
  const { resource } = parameters;
  const body = new URLSearchParams({ ...fields, client_id: clientId, ...(resource && { resource }) });
  const response = await fetch(tokenEndpoint, { method: 'POST', body, credentials: 'omit' }).catch(() => {
    throw new Error('The sign-in service does not answer, or does not let this page ask it for a token.');
  });
  const answer = (await response.json().catch(() => ({}))) as TokenAnswer;
  if (response.ok && answer.access_token) return answer;
  const reason = answer.error_description ?? answer.error ?? `status ${response.status}`;
  const message = `The sign-in service gives no token: ${reason}`;
  throw response.status < 500 && response.status !== 429 ? new TokenRefused(message) : new Error(message);
}

/** It comes from the provider itself, so its signature says nothing more (OpenID Connect Core 3.1.3.7). */
function checkIdToken(idToken: string | undefined, { issuer, clientId }: OidcOptions, nonce: string): void {
  const claims = claimsOf(idToken);
  const audience = [claims['aud']].flat();
  const good =
    claims['iss'] === issuer &&
    audience.includes(clientId) &&
    (audience.length === 1 || claims['azp'] === clientId) &&
    Number(claims['exp']) + CLOCK_TOLERANCE_SECONDS > Date.now() / 1000 &&
    claims['nonce'] === nonce;
  if (!good) throw new Error('The answer of the sign-in service is not meant for this sign-in.');
}

function claimsOf(token = ''): Record<string, unknown> {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** This page, as the provider knows it. */
function redirectUri(): string {
  return location.origin + location.pathname.replace(/\/$/, '');
}

function secret(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

async function sha256(text: string): Promise<string> {
  return base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
