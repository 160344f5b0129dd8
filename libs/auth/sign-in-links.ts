/** Where their tokens are sent. */
export const SIGN_IN_LINK_PATH = '/api/auth/sign-in-link';

/** Makes links that sign in at the console whoever has started the product. The context of accounts provides it. */
export abstract class SignInLinks {
  /** @returns the token of a link; undefined where nobody should be signed in by one */
  abstract issue(): Promise<string | undefined>;
}
