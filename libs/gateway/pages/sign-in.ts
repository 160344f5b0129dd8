import { Injectable } from '@nestjs/common';
import { OidcProvider, OidcSettings } from '@fissile/kit/auth';
import { Product } from '@fissile/kit/contract';

/** How people sign in with the external OpenID provider, for a page that does it in the browser. */
export interface OidcSignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** null where the provider has none. */
  readonly endSessionEndpoint: string | null;
  /** More parameters of the request to sign in. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** How people sign in to this product. */
export interface SignIn {
  /** Whether the product has users of its own, with passwords. */
  readonly password: boolean;
  /** null without an external provider, and while it does not answer. */
  readonly oidc: OidcSignIn | null;
  /** Why nobody can sign in with the external provider now; null where that is not so. */
  readonly problem: string | null;
}

/** Tells the pages how people sign in. All of it is public: the provider tells it to anybody too. */
@Injectable()
export class SignInOptions {
  constructor(
    private readonly product: Product,
    private readonly provider: OidcProvider,
    private readonly settings: OidcSettings,
  ) {}

  async describe(): Promise<SignIn> {
    const password = this.product.tokenIssuer !== undefined && this.settings.AUTH_OWN_TOKENS;
    const { AUTH_CLIENT_ID: clientId, AUTH_SCOPE: scope, AUTH_SIGN_IN_PARAMETERS: pairs } = this.settings;
    if (clientId === undefined) return { password, oidc: null, problem: null };
    const metadata = await this.provider.metadata().catch(() => undefined);
    if (!metadata) return { password, oidc: null, problem: 'The sign-in service does not answer' };
    const { issuer, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint } = metadata;
    if (authorizationEndpoint === undefined || tokenEndpoint === undefined)
      return { password, oidc: null, problem: 'The sign-in service has no authorization code flow' };
    const endSessionEndpoint = metadata.end_session_endpoint ?? null;
    const parameters = Object.fromEntries(pairs.map(split));
    const endpoints = { authorizationEndpoint, tokenEndpoint, endSessionEndpoint };
    return { password, oidc: { issuer, clientId, scope, parameters, ...endpoints }, problem: null };
  }

  /** The origins other than this one that a page talks to when somebody signs in. */
  async origins(): Promise<string[]> {
    const { oidc } = await this.describe();
    return oidc ? [new URL(oidc.tokenEndpoint).origin] : [];
  }
}

function split(pair: string): [string, string] {
  const end = pair.indexOf('=');
  return [pair.slice(0, end), pair.slice(end + 1)];
}
