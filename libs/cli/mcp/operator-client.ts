import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';

/** A request of the operators' API. */
export interface OperatorRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** How an admin signs in. */
export type AdminSignIn =
  | { readonly token: string }
  | { readonly email: string; readonly password: string; readonly code?: string | undefined };

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
}

/** What the product refused, in words for who asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(status: number, { code = 'unknown', detail = 'no reason given' }: Problem) {
    super(`${status} ${code}: ${detail}`);
  }
}

/** Sends requests to a running product as an admin, who is signed in by the first of them. */
export class OperatorClient {
  private tokens: Promise<Tokens> | undefined;

  constructor(
    private readonly url: string,
    private readonly admin: AdminSignIn,
  ) {}

  /** @throws Refusal for a problem, Error when the product cannot be reached */
  async send(request: OperatorRequest): Promise<unknown> {
    const tokens = await this.signedIn();
    const response = await this.fetch(request, tokens.accessToken);
    if (response.status !== 401) return read(response);
    this.tokens = this.renew(tokens);
    return read(await this.fetch(request, (await this.signedIn()).accessToken));
  }

  private async signedIn(): Promise<Tokens> {
    this.tokens ??= this.signIn();
    try {
      return await this.tokens;
    } catch (error) {
      this.tokens = undefined;
      throw error;
    }
  }

  private async signIn(): Promise<Tokens> {
    if ('token' in this.admin) return { accessToken: this.admin.token };
    const body = this.admin;
    return (await read(await this.fetch({ method: 'POST', path: '/api/auth/login', body }))) as Tokens;
  }

  /** By the refresh token, since a code of a second factor counts once. */
  private async renew({ refreshToken }: Tokens): Promise<Tokens> {
    if (refreshToken === undefined) return this.signIn();
    const renewed = await this.fetch({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken } });
    return renewed.ok ? ((await renewed.json()) as Tokens) : this.signIn();
  }

  private fetch(request: OperatorRequest, token?: string): Promise<Response> {
    const { method = 'GET', path, query = {}, body } = request;
    const url = new URL(path, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    return fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const answer: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  if (!response.ok) throw new Refusal(response.status, isJson ? (answer as Problem) : {});
  return answer === '' ? { done: true } : answer;
}

/**
 * The admin of the environment, or of the file that the first start writes on the same machine.
 * @throws CommandError when there is neither
 */
export function readAdmin(environment: NodeJS.ProcessEnv, dataDir: string): AdminSignIn {
  const { ADMIN_TOKEN: token, ADMIN_EMAIL: email, ADMIN_PASSWORD: password, ADMIN_CODE: code } = environment;
  if (token) return { token };
  if (email && password) return { email, password, ...(code && { code }) };
  const file = join(dataDir, 'admin-credentials.json');
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { email: string; password: string };
    return { email: kept.email, password: kept.password };
  } catch {
    throw new CommandError(
      `No admin to sign in as: expected ADMIN_EMAIL and ADMIN_PASSWORD, ADMIN_TOKEN, or the file ${file}`,
    );
  }
}
