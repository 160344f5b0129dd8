/** Below it a page of the product signs in and renews its session: `/<page>` and what stands below `/api/auth` for API clients. */
export const PAGE_ROUTES = '/api/auth/pages';

const OF_PAGE = new RegExp(`^${PAGE_ROUTES}/[^/]+/`);

/** The path of API clients that does the same; what is of no page stays as it is. */
export function asClientPath(path: string): string {
  return path.replace(OF_PAGE, '/api/auth/');
}
