import type { Client } from 'openapi-fetch';
import { ApiProblem } from './api-problem.js';
import type { Send } from './retries.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Where the account has a second factor: a code of it, or a recovery code. Each is good once. */
  readonly code?: string;
  /** Where the password must be changed: what takes its place. */
  readonly newPassword?: string;
}

export interface Tokens {
  /** Empty where only the session is known, as in a page that was just loaded: it is renewed before the first request. */
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Route<Body, Answer> {
  post: {
    requestBody: { content: { 'application/json': Body } };
    responses: { 200: { content: { 'application/json': Answer } } };
  };
}

/** The routes of a product with users of its own that a session needs. */
export interface SessionPaths {
  '/api/auth/login': Route<Credentials, Tokens>;
  '/api/auth/refresh': Route<{ refreshToken: string }, Tokens>;
  '/api/auth/revoke': {
    post: {
      requestBody: { content: { 'application/json': { refreshToken: string } } };
      responses: { 204: { content?: never } };
    };
  };
}

/** By which a session is renewed and ended. Where something else has begun it, they must not reach the product. */
export const SESSION_ROUTES = {
  renew: '/api/auth/refresh',
  end: '/api/auth/revoke',
} as const satisfies Record<string, keyof SessionPaths>;

/** Where the tokens are between requests. */
export interface TokenStore {
  read(): Tokens | undefined;
  /** @param tokens undefined when there are none any more */
  write(tokens: Tokens | undefined): void;
}

/** Forgets with the process, or with the page. */
export function inMemory(tokens?: Tokens): TokenStore {
  let kept = tokens;
  return { read: () => kept, write: (changed) => void (kept = changed) };
}

/**
 * Who the requests are from. An access token that is refused is renewed once, by the refresh token or, where they are
 * known, by the credentials; requests that are refused at the same time share that.
 */
export class Session {
  private renewal: Promise<boolean> | undefined;

  /** @param api sends requests as they are */
  constructor(
    private readonly api: Client<SessionPaths>,
    private readonly store: TokenStore,
    private readonly credentials?: Credentials,
  ) {}

  get isSignedIn(): boolean {
    return this.store.read() !== undefined;
  }

  /** @throws ApiProblem: invalid_credentials, second_factor_required, invalid_code, password_change_required and others */
  async signIn(credentials: Credentials): Promise<void> {
    const { data, error, response } = await this.api.POST('/api/auth/login', { body: credentials });
    if (!data) throw new ApiProblem('POST /api/auth/login', response, error);
    this.store.write(data);
  }

  /** Ends the session at the product too; here it is over in any case. */
  async signOut(): Promise<void> {
    const tokens = this.store.read();
    this.store.write(undefined);
    if (!tokens) return;
    // By the refresh token, since the access token may have expired.
    await this.api.POST(SESSION_ROUTES.end, { body: { refreshToken: tokens.refreshToken } });
  }

  /** Sends requests as this user. */
  authorised(send: Send): Send {
    return async (request) => {
      if (!this.isSignedIn && this.credentials) await this.renew(undefined);
      if (this.store.read()?.accessToken === '') await this.renew('');
      const used = this.store.read()?.accessToken;
      if (used === undefined) return send(request);
      const response = await send(withToken(request.clone(), used));
      if (response.status !== 401 || !(await this.renew(used))) return response;
      await response.body?.cancel();
      return send(withToken(request, this.store.read()?.accessToken ?? used));
    };
  }

  /** @returns whether there is another token than the one that was refused */
  private async renew(refused: string | undefined): Promise<boolean> {
    const { accessToken } = this.store.read() ?? {};
    if (accessToken !== undefined && accessToken !== refused) return true;
    this.renewal ??= this.fetchTokens().finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async fetchTokens(): Promise<boolean> {
    const refreshToken = this.store.read()?.refreshToken;
    if (refreshToken !== undefined) {
      const { data, error, response } = await this.api.POST(SESSION_ROUTES.renew, { body: { refreshToken } });
      if (data) {
        this.store.write(data);
        return true;
      }
      // Any other answer says nothing about the session.
      if (response.status !== 401) throw new ApiProblem(`POST ${SESSION_ROUTES.renew}`, response, error);
      this.store.write(undefined);
    }
    if (!this.credentials) return false;
    await this.signIn(this.credentials);
    return true;
  }
}

function withToken(request: Request, token: string): Request {
  request.headers.set('authorization', `Bearer ${token}`);
  return request;
}
