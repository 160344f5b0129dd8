import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const AUDIENCE = 'the-tests';

/** Who signs in during a test. */
export interface Accounts {
  readonly settings: Readonly<Record<string, string>>;
  /** Returns an access token, whatever the address of the product. */
  signIn(url: string): Promise<string>;
  signInAsAdmin(url: string): Promise<string>;
  close(): Promise<void>;
}

/** An identity provider for the test alone: its discovery document, its key and its tokens. */
export async function openAccounts(): Promise<Accounts> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  const server = createServer(({ url }, response) => {
    const isDiscovery = url === '/.well-known/openid-configuration';
    const document = isDiscovery ? { issuer, jwks_uri: `${issuer}/jwks` } : { keys: [key] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sign = (roles: readonly string[]): Promise<string> =>
    new SignJWT({ roles })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setSubject(randomUUID())
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(privateKey);
  return {
    settings: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: AUDIENCE, AUTH_ROLES_CLAIM: 'roles' },
    signIn: () => sign([]),
    signInAsAdmin: () => sign(['admin']),
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
