import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, ToolError } from './api-problem.js';

const MAX_TRIES = 60;
const LONGEST_PAUSE_MS = 30_000;

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

interface RequestOptions {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** Counts what happened on the way, for those who want to know. */
export interface ClientStatistics {
  requests: number;
  waits: number;
}

/**
 * Speaks the public API of a shop as one user. It waits when the shop says so, logs in again when its token has
 * expired, and repeats a request whose answer was lost when that is safe.
 */
export class ShopClient {
  private token: string | undefined;

  constructor(
    readonly url: string,
    private readonly credentials?: Credentials,
    private readonly statistics: ClientStatistics = { requests: 0, waits: 0 },
  ) {}

  /** The same shop, as another user. */
  as(credentials: Credentials): ShopClient {
    return new ShopClient(this.url, credentials, this.statistics);
  }

  get<T>(path: string): Promise<T> {
    return this.request<T>('GET', path);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('PUT', path, { body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('PATCH', path, { body });
  }

  delete(path: string): Promise<void> {
    return this.request<void>('DELETE', path);
  }

  /** @param idempotencyKey makes it safe to repeat the request when its answer is lost */
  post<T>(path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
    return this.request<T>('POST', path, { body, ...(idempotencyKey !== undefined && { idempotencyKey }) });
  }

  /** All items of a list, page after page. */
  async *list<T>(path: string): AsyncGenerator<T> {
    let cursor: string | null = '';
    while (cursor !== null) {
      const separator: string = path.includes('?') ? '&' : '?';
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; nextCursor: string | null } = await this.get(
        `${path}${separator}limit=100${from}`,
      );
      yield* page.items;
      cursor = page.nextCursor;
    }
  }

  async login(): Promise<void> {
    if (!this.credentials) return;
    const { accessToken } = await this.send<{ accessToken: string }>('POST', '/api/auth/login', {
      body: this.credentials,
    });
    this.token = accessToken;
  }

  private async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    if (this.credentials && this.token === undefined) await this.login();
    try {
      return await this.send<T>(method, path, options);
    } catch (error) {
      if (!this.credentials || !(error instanceof ApiProblem) || error.status !== 401) throw error;
      await this.login();
      return this.send<T>(method, path, options);
    }
  }

  /** Sends a request until it is answered for good. */
  private async send<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    const safeToRepeat = method !== 'POST' || options.idempotencyKey !== undefined;
    for (let tries = 1; ; tries += 1) {
      let response: Response;
      try {
        response = await this.fetch(method, path, options);
      } catch (error) {
        if (!safeToRepeat || tries >= MAX_TRIES / 6) throw this.unreachable(error);
        await pause(Math.min(2_000, 100 * 2 ** tries));
        continue;
      }
      const waitMs = secondsToWait(response) * 1000;
      const cameTooSoon = response.status === 429 || (response.status === 503 && safeToRepeat);
      if (!cameTooSoon || tries >= MAX_TRIES) return readAnswer<T>(`${method} ${path}`, response);
      await response.arrayBuffer();
      this.statistics.waits += 1;
      await pause(Math.min(waitMs, LONGEST_PAUSE_MS));
    }
  }

  private fetch(method: string, path: string, { body, idempotencyKey }: RequestOptions): Promise<Response> {
    this.statistics.requests += 1;
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined &&
          path !== '/api/auth/login' && { authorization: `Bearer ${this.token}` }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  private unreachable(error: unknown): ToolError {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? 'no answer';
    return new ToolError(
      `There is no shop at ${this.url} (${cause}). Start it with npm start, or set FISSILE_URL.`,
    );
  }
}

function secondsToWait(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 1;
}

async function readAnswer<T>(request: string, response: Response): Promise<T> {
  const text = await response.text();
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
  const problem = parseProblem(text);
  throw new ApiProblem(
    request,
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? text,
    problem.errors,
  );
}

function parseProblem(text: string): {
  code?: string;
  detail?: string;
  errors?: { path: string; message: string }[];
} {
  try {
    return JSON.parse(text) as ReturnType<typeof parseProblem>;
  } catch {
    return {};
  }
}
