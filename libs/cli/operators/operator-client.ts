import { CommandError } from '../command-error.js';
import type { AdminSignIn } from './admin-sign-in.js';

/** As long as what an operator asks for may take, such as a replay that waits for the handlers of its event. */
const REQUEST_TIMEOUT_MS = 60_000;
const TOO_MANY_REQUESTS = 429;

/** A request of the operators' API. */
export interface OperatorRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** What the product refused, in words for who asked. */
export class Refusal extends CommandError {
  override readonly name = 'Refusal';
}

/** The product does not answer now; asked again, it may. */
export class NotAnswering extends CommandError {
  override readonly name = 'NotAnswering';
}

/** Sends requests to a running product as an admin, who is signed in by the first of them. */
export class OperatorClient {
  private tokens: Promise<Tokens> | undefined;

  constructor(
    private readonly url: string,
    private readonly admin: AdminSignIn,
  ) {}

  /**
   * @throws Refusal for a problem
   * @throws NotAnswering when the product cannot be reached, or says that it cannot answer now
   */
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

  private async fetch(request: OperatorRequest, token?: string): Promise<Response> {
    const { method = 'GET', path, query = {}, body } = request;
    const url = new URL(path, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    try {
      return await fetch(url, {
        method,
        headers,
        // A token goes to nobody else.
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const { cause, message } = error as Error;
      const reason = cause instanceof Error ? cause.message : message;
      throw new NotAnswering(`${url.origin} does not answer: ${reason}`);
    }
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const answer: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  if (response.ok) return answer === '' ? { done: true } : answer;
  const message = messageOf(response.status, isJson ? (answer as Problem) : {});
  const mayAnswerLater = response.status >= 500 || response.status === TOO_MANY_REQUESTS;
  throw mayAnswerLater ? new NotAnswering(message) : new Refusal(message);
}

function messageOf(status: number, problem: Problem): string {
  const { code = 'unknown', detail = 'no reason given', errors = [] } = problem;
  const fields = errors.map(({ path, message }) => `${path}: ${message}`);
  return [`${status} ${code}: ${detail}`, ...fields].join('\n');
}
