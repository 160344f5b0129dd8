import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

export const AUDIENCE = 'https://api.example';
export const CONSOLE_CLIENT = 'console';
/** A program of its own that is an admin, and one that is nobody in particular. */
export const ADMIN_PROGRAM = 'admin-program';
export const PLAIN_PROGRAM = 'plain-program';
const PROGRAM_SECRET = 'the-secret-of-the-programs';

/** The accounts whose names say so are admins. */
const rolesOf = (name: string): string[] => (name.startsWith('admin') ? ['staff-admins'] : ['readers']);

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** oidc-provider at a loopback address, whose keys can be changed and which can go away and come back. */
export class RunningProvider {
  private server: Server | undefined;
  private port = 0;
  private answer: ReturnType<Provider['callback']> | undefined;
  private key: SigningKey | undefined;
  private keys = 0;
  /** Where people come back to. */
  private readonly redirectUris: string[] = [];

  static async start(): Promise<RunningProvider> {
    const provider = new RunningProvider();
    await provider.comeBack();
    await provider.changeKey();
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Settings of a product that accepts its tokens. */
  get env(): Record<string, string> {
    return {
      AUTH_ISSUER: this.issuer,
      AUTH_AUDIENCE: AUDIENCE,
      AUTH_ROLES_CLAIM: 'realm_access.roles',
      AUTH_ROLE_MAP: 'staff-admins=admin',
      AUTH_CLIENT_ID: CONSOLE_CLIENT,
      AUTH_SCOPE: 'openid email offline_access',
      AUTH_SIGN_IN_PARAMETERS: `resource=${AUDIENCE},prompt=consent`,
    };
  }

  /** Lets the pages at this address sign in, and out. */
  async allow(url: string): Promise<void> {
    this.redirectUris.push(`${url}/console`, `${url}/shop`, `${url}/account`);
    await this.configure();
  }

  /** Signs with another key from now on, and forgets the one before. */
  async changeKey(): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.key = { kid: `key-${(this.keys += 1)}`, privateKey };
    await this.configure();
  }

  async goAway(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Starts to listen; again at the same address. */
  async comeBack(): Promise<void> {
    const server = createServer((request, response) => void this.answer?.(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** The access token of a program, by client credentials. */
  async tokenOf(program: string, resource = AUDIENCE): Promise<string> {
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${program}:${PROGRAM_SECRET}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
    });
    const answer = (await response.json()) as { access_token?: string };
    if (answer.access_token === undefined) throw new Error(JSON.stringify(answer));
    return answer.access_token;
  }

  /** A token with the provider's own signature, though it would not issue it. */
  sign(
    claims: Readonly<Record<string, unknown>>,
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    if (!this.key) throw new Error('there is no key');
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: this.issuer, aud: AUDIENCE, sub: 'somebody', iat: now, exp: now + 600 };
    return new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: this.key.kid, typ: 'at+jwt', ...header })
      .sign(this.key.privateKey);
  }

  private async configure(): Promise<void> {
    if (!this.key) throw new Error('there is no key');
    const jwk = { ...(await exportJWK(this.key.privateKey)), kid: this.key.kid, alg: 'RS256', use: 'sig' };
    this.answer = new Provider(this.issuer, configuration(jwk, this.redirectUris)).callback();
  }
}

/** A program that gets its tokens by a secret. */
const program = (client_id: string) => ({
  client_id,
  client_secret: PROGRAM_SECRET,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
});

/** The page in the browser: it has no secret. */
const consoleClient = (redirectUris: readonly string[]) => ({
  client_id: CONSOLE_CLIENT,
  application_type: 'native' as const,
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: [...redirectUris, 'http://127.0.0.1/console'],
  post_logout_redirect_uris: [...redirectUris],
});

function configuration(jwk: object, redirectUris: readonly string[]): Configuration {
  return {
    jwks: { keys: [jwk] },
    clients: [program(ADMIN_PROGRAM), program(PLAIN_PROGRAM), consoleClient(redirectUris)],
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    cookies: { keys: ['the key of the cookies'] },
    claims: { openid: ['sub'], email: ['email'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@people.example` }),
    }),
    extraTokenClaims: (_context, token) => {
      const name = 'accountId' in token ? token.accountId : token.clientId;
      return { realm_access: { roles: rolesOf(name ?? '') } };
    },
    ttl: { AccessToken: 600, ClientCredentials: 600 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, audience) => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}
