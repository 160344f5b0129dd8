import createClient, { type Client } from 'openapi-fetch';
import type { HttpMethod } from 'openapi-typescript-helpers';
import type { Answer, Init, ItemOf, ListPath, Page, PathMap, PathOf, QueryOf } from './answers.js';
import { ApiProblem, type Problem } from './api-problem.js';
import { type Observer, type RetryPolicy, withRetries, type Send } from './retries.js';
import { type Credentials, inMemory, Session, type SessionPaths, type TokenStore } from './session.js';

export interface ApiClientOptions {
  /** Such as http://127.0.0.1:3000; empty in a page that the product itself serves. */
  readonly url: string;
  /** With them it signs in by itself, at the first request and whenever its session has ended. */
  readonly credentials?: Credentials;
  readonly tokens?: TokenStore;
  readonly retryPolicy?: RetryPolicy;
  readonly observer?: Observer;
  /** Instead of the platform's own fetch. */
  readonly fetch?: Send;
}

/** Where a page begins, and how many items it has at most. */
interface Cursor {
  limit?: string | undefined;
  cursor?: string | undefined;
}

const DEFAULT_PATIENCE: RetryPolicy = { tries: 5, triesAfterLoss: 3, longestPauseMs: 10_000 };
const LARGEST_PAGE = '100';

/** Speaks the public API of a product as one user, or anonymously. */
export class ApiClient<Paths extends PathMap> {
  /** The API as it is: `{ data, error, response }` for each request, with the session and the retryPolicy of this client. */
  readonly api: Client<Paths>;
  readonly session: Session;

  constructor(protected readonly options: ApiClientOptions) {
    const {
      url: baseUrl,
      retryPolicy = DEFAULT_PATIENCE,
      observer,
      tokens = inMemory(),
      credentials,
    } = options;
    const send = withRetries(options.fetch ?? ((request) => fetch(request)), retryPolicy, observer);
    this.session = new Session(createClient<SessionPaths>({ baseUrl, fetch: send }), tokens, credentials);
    this.api = createClient<Paths>({ baseUrl, fetch: this.session.authorised(send) });
  }

  get url(): string {
    return this.options.url;
  }

  /** @throws ApiProblem, ApiUnreachable */
  get<P extends PathOf<Paths, 'get'>>(
    path: P,
    ...init: Init<Paths, 'get', P>
  ): Promise<Answer<Paths, 'get', P>> {
    return this.send('get', path, init);
  }

  /** Send it with an Idempotency-Key (see newKey) where the operation takes one: then it can be repeated safely. */
  post<P extends PathOf<Paths, 'post'>>(
    path: P,
    ...init: Init<Paths, 'post', P>
  ): Promise<Answer<Paths, 'post', P>> {
    return this.send('post', path, init);
  }

  put<P extends PathOf<Paths, 'put'>>(
    path: P,
    ...init: Init<Paths, 'put', P>
  ): Promise<Answer<Paths, 'put', P>> {
    return this.send('put', path, init);
  }

  patch<P extends PathOf<Paths, 'patch'>>(
    path: P,
    ...init: Init<Paths, 'patch', P>
  ): Promise<Answer<Paths, 'patch', P>> {
    return this.send('patch', path, init);
  }

  delete<P extends PathOf<Paths, 'delete'>>(
    path: P,
    ...init: Init<Paths, 'delete', P>
  ): Promise<Answer<Paths, 'delete', P>> {
    return this.send('delete', path, init);
  }

  /** All items of a list, page after page, loaded on demand. */
  async *list<P extends ListPath<Paths>>(
    path: P,
    query?: QueryOf<Paths, P>,
  ): AsyncGenerator<ItemOf<Paths, P>, void, undefined> {
    for (let cursor: string | undefined; ;) {
      const within = { ...query, limit: LARGEST_PAGE, cursor } as QueryOf<Paths, P> & Cursor;
      const { items, nextCursor }: Page<ItemOf<Paths, P>> = await this.page(path, within);
      yield* items;
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  /** One page of a list: `cursor` is the nextCursor of the page before. */
  async page<P extends ListPath<Paths>>(
    path: P,
    query: QueryOf<Paths, P> & Cursor,
  ): Promise<Page<ItemOf<Paths, P>>> {
    return this.send('get', path, [{ params: { query } }]);
  }

  private async send<A>(method: HttpMethod, path: string, [init]: readonly unknown[]): Promise<A> {
    // The types of the methods above have checked what goes in and say what comes out.
    const request = this.api.request as unknown as (
      ...parameters: readonly unknown[]
    ) => Promise<{ data?: A; error?: Partial<Problem>; response: Response }>;
    const { data, error, response } = await request(method, path, init);
    if (!response.ok) throw new ApiProblem(`${method.toUpperCase()} ${path}`, response, asProblem(error));
    return data as A;
  }
}

/** What stands before the product may answer with a page of its own. */
function asProblem(error: unknown): Partial<Problem> {
  return typeof error === 'object' && error !== null ? error : { detail: String(error ?? '').slice(0, 200) };
}
