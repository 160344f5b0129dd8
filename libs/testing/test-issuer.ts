import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Who the tokens are for. */
const AUDIENCE = 'the-api';

/** A key pair of the issuer's, or of somebody else's. */
export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function makeIssuerKey(kid: string, alg = 'RS256'): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/**
 * The discovery document and the keys of an OpenID provider, at a loopback address. Nobody signs in there: tests sign the
 * tokens that they need.
 */
export class TestIssuer {
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  keys: IssuerKey[] = [];
  /** What the discovery document says beside the truth. */
  lies: Readonly<Record<string, unknown>> = {};
  /** What answers instead, such as 503. */
  status = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    const issuer = new TestIssuer(server);
    server.on('request', ({ url = '' }, response) => {
      issuer.asked.push(url);
      response.statusCode = issuer.status;
      response.end(issuer.status === 200 ? JSON.stringify(issuer.answer(url)) : 'away');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The settings of a program that accepts its tokens. */
  get env(): Record<string, string> {
    return { AUTH_ISSUER: this.url, AUTH_AUDIENCE: AUDIENCE };
  }

  /** A good token of this issuer, but for what is given. */
  sign(
    key: IssuerKey,
    claims: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: this.url, aud: AUDIENCE, sub: 'someone', iat: now, exp: now + 3_600 };
    return new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(url: string): object {
    if (url === '/jwks') return { keys: this.keys.map(({ publicJwk }) => publicJwk) };
    return { issuer: this.url, jwks_uri: `${this.url}/jwks`, ...this.lies };
  }
}
