import createClient, { type Client } from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod } from 'openapi-typescript-helpers';
import type { Answer, Init, ItemOf, ListPath, Page, QueryOf } from './answers.js';
import { ApiProblem, type Problem } from './api-problem.js';
import type { paths } from './generated/api.js';
import { type Observer, type RetryPolicy, withRetries, type Send } from './retries.js';
import { type Credentials, inMemory, Session, type TokenStore } from './session.js';

export interface ShopClientOptions {
  /** Such as http://127.0.0.1:3000; empty in a page that the shop itself serves. */
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

/** Speaks the public API of a shop as one user, or anonymously. */
export class ShopClient {
  /** The API as it is: `{ data, error, response }` for each request, with the session and the retryPolicy of this client. */
  readonly api: Client<paths>;
  readonly session: Session;

  constructor(private readonly options: ShopClientOptions) {
    const {
      url: baseUrl,
      retryPolicy = DEFAULT_PATIENCE,
      observer,
      tokens = inMemory(),
      credentials,
    } = options;
    const send = withRetries(options.fetch ?? ((request) => fetch(request)), retryPolicy, observer);
    this.session = new Session(createClient<paths>({ baseUrl, fetch: send }), tokens, credentials);
    this.api = createClient<paths>({ baseUrl, fetch: this.session.authorised(send) });
  }

  get url(): string {
    return this.options.url;
  }

  /** The same shop, as another user. */
  as(credentials: Credentials): ShopClient {
    return new ShopClient({ ...this.options, tokens: inMemory(), credentials });
  }

  /** @throws ApiProblem, ShopUnreachable */
  get<P extends PathsWithMethod<paths, 'get'>>(path: P, ...init: Init<'get', P>): Promise<Answer<'get', P>> {
    return this.send('get', path, init);
  }

  /** Send it with an Idempotency-Key (see newKey) where the operation takes one: then it can be repeated safely. */
  post<P extends PathsWithMethod<paths, 'post'>>(
    path: P,
    ...init: Init<'post', P>
  ): Promise<Answer<'post', P>> {
    return this.send('post', path, init);
  }

  put<P extends PathsWithMethod<paths, 'put'>>(path: P, ...init: Init<'put', P>): Promise<Answer<'put', P>> {
    return this.send('put', path, init);
  }

  patch<P extends PathsWithMethod<paths, 'patch'>>(
    path: P,
    ...init: Init<'patch', P>
  ): Promise<Answer<'patch', P>> {
    return this.send('patch', path, init);
  }

  delete<P extends PathsWithMethod<paths, 'delete'>>(
    path: P,
    ...init: Init<'delete', P>
  ): Promise<Answer<'delete', P>> {
    return this.send('delete', path, init);
  }

  /** All items of a list, page after page, loaded on demand. */
  async *list<P extends ListPath>(path: P, query?: QueryOf<P>): AsyncGenerator<ItemOf<P>, void, undefined> {
    for (let cursor: string | undefined; ;) {
      const within = { ...query, limit: LARGEST_PAGE, cursor } as QueryOf<P> & Cursor;
      const { items, nextCursor }: Page<ItemOf<P>> = await this.page(path, within);
      yield* items;
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  /** One page of a list: `cursor` is the nextCursor of the page before. */
  async page<P extends ListPath>(path: P, query: QueryOf<P> & Cursor): Promise<Page<ItemOf<P>>> {
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

/** What stands before the shop may answer with a page of its own. */
function asProblem(error: unknown): Partial<Problem> {
  return typeof error === 'object' && error !== null ? error : { detail: String(error ?? '').slice(0, 200) };
}
