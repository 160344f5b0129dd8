import type { FetchOptions, MaybeOptionalInit } from 'openapi-fetch';
import type {
  HttpMethod,
  PathsWithMethod,
  RequiredKeysOf,
  SuccessResponseJSON,
} from 'openapi-typescript-helpers';

/** The paths of an OpenAPI document, as openapi-typescript and `fissile client` write them. */
export type PathMap = object;

type Operation<Paths extends PathMap, M extends HttpMethod, P extends keyof Paths> = Paths[P] extends {
  [K in M]: infer O;
}
  ? O
  : never;

/** What a request answers when it succeeds. */
export type Answer<Paths extends PathMap, M extends HttpMethod, P extends keyof Paths> =
  Operation<Paths, M, P> extends infer O extends Record<string | number, unknown>
    ? SuccessResponseJSON<O>
    : never;

/** Path, query, headers and body as the operation wants them; nothing where it wants none. */
export type Init<Paths extends PathMap, M extends HttpMethod, P extends PathOf<Paths, M>> =
  RequiredKeysOf<FetchOptions<Operation<Paths, M, P>>> extends never
    ? [init?: InitOf<Paths, M, P>]
    : [init: InitOf<Paths, M, P>];

type InitOf<Paths extends PathMap, M extends HttpMethod, P extends keyof Paths> =
  Paths[P] extends Record<M, unknown> ? MaybeOptionalInit<Paths[P], M> : never;

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

/** PathsWithMethod of what cannot be known yet may be more than text. */
export type PathOf<Paths extends PathMap, M extends HttpMethod> = PathsWithMethod<Paths, M> & string;

type GetPath<Paths extends PathMap> = PathOf<Paths, 'get'>;

/** The paths that answer page by page. */
export type ListPath<Paths extends PathMap> = {
  [P in GetPath<Paths>]: Answer<Paths, 'get', P> extends { items: unknown[]; nextCursor: string | null }
    ? P
    : never;
}[GetPath<Paths>];

/** What such a list has in it. */
export type ItemOf<Paths extends PathMap, P extends ListPath<Paths>> =
  Answer<Paths, 'get', P> extends { items: (infer T)[]; nextCursor: string | null } ? T : never;

/** What narrows a list. */
export type QueryOf<Paths extends PathMap, P extends ListPath<Paths>> = Paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? Omit<NonNullable<Q>, 'limit' | 'cursor'>
  : never;
