import type * as api from '@fissile/api-client';
import type { components, paths } from './generated/api.js';

/** The codes that this version knows, and any other: a later shop may know more. */
export type ErrorCode = components['schemas']['Problem']['code'] | (string & {});

/** The paths that answer page by page. */
export type ListPath = api.ListPath<paths>;

/** What such a list has in it. */
export type ItemOf<P extends ListPath> = api.ItemOf<paths, P>;

/** What narrows a list. */
export type QueryOf<P extends ListPath> = api.QueryOf<paths, P>;
