import type { FetchOptions, MaybeOptionalInit } from 'openapi-fetch';
import type {
  HttpMethod,
  PathsWithMethod,
  RequiredKeysOf,
  SuccessResponseJSON,
} from 'openapi-typescript-helpers';
import type { paths } from './generated/api.js';

type Operation<M extends HttpMethod, P extends keyof paths> = paths[P] extends { [K in M]: infer O }
  ? O
  : never;

/** What a request answers when it succeeds. */
export type Answer<M extends HttpMethod, P extends keyof paths> =
  Operation<M, P> extends infer O extends Record<string | number, unknown> ? SuccessResponseJSON<O> : never;

/** Path, query, headers and body as the operation wants them; nothing where it wants none. */
export type Init<M extends HttpMethod, P extends PathsWithMethod<paths, M>> =
  RequiredKeysOf<FetchOptions<Operation<M, P>>> extends never
    ? [init?: MaybeOptionalInit<paths[P], M>]
    : [init: MaybeOptionalInit<paths[P], M>];

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  /** In lists for operators: the contexts that did not answer, whose items the page lacks. */
  readonly missing?: readonly MissingContext[];
}

export interface MissingContext {
  readonly context: string;
  readonly reason: string;
}

type GetPath = PathsWithMethod<paths, 'get'>;

/** The paths that answer page by page. */
export type ListPath = {
  [P in GetPath]: Answer<'get', P> extends { items: unknown[]; nextCursor: string | null } ? P : never;
}[GetPath];

/** What such a list has in it. */
export type ItemOf<P extends ListPath> =
  Answer<'get', P> extends { items: (infer T)[]; nextCursor: string | null } ? T : never;

/** What narrows a list. */
export type QueryOf<P extends ListPath> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? Omit<NonNullable<Q>, 'limit' | 'cursor'>
  : never;
