import { PAGE_ROUTES } from './page-routes.js';

/** Where their tokens are sent. */
export const SIGN_IN_LINK_PATH = '/api/auth/sign-in-link';

const BY_CLIENT_OR_PAGE = new RegExp(`^(${SIGN_IN_LINK_PATH}|${PAGE_ROUTES}/[a-z0-9-]+/sign-in-link)`);

/** Whether a request to this URL may send the token of one, for an API client or for a page. */
export function mayUseSignInLink(url: string): boolean {
  return BY_CLIENT_OR_PAGE.test(url);
}

/** Makes links that sign in at the console whoever has started the product. The context of accounts provides it. */
export abstract class SignInLinks {
  /** @returns the token of a link; undefined where nobody should be signed in by one */
  abstract issue(): Promise<string | undefined>;
}
