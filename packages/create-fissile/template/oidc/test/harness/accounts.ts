import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

const AUDIENCE = 'the-tests';
const KEY_ID = 'test';

/** Who signs in during a test. */
export interface Accounts {
  readonly settings: Readonly<Record<string, string>>;
  /** Returns an access token, whatever the address of the product. */
  signIn(url: string): Promise<string>;
  signInAsAdmin(url: string): Promise<string>;
  /** What another process gives to `openAccounts` to sign tokens of the same provider. */
  readonly handover: string;
  close(): Promise<void>;
}

interface Provider {
  readonly issuer: string;
  readonly privateKey: JWK;
  close(): Promise<void>;
}

/** @param handover of the process that serves the provider; absent to serve one */
export async function openAccounts(handover?: string): Promise<Accounts> {
  const { issuer, privateKey, close } =
    handover === undefined ? await serveProvider() : joinProvider(handover);
  const key = await importJWK(privateKey, 'ES256');
  const sign = (roles: readonly string[]): Promise<string> =>
    new SignJWT({ roles })
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setSubject(randomUUID())
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(key);
  return {
    settings: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: AUDIENCE, AUTH_ROLES_CLAIM: 'roles' },
    signIn: () => sign([]),
    signInAsAdmin: () => sign(['admin']),
    handover: JSON.stringify({ issuer, privateKey }),
    close,
  };
}

function joinProvider(handover: string): Provider {
  return { ...(JSON.parse(handover) as Omit<Provider, 'close'>), close: async () => undefined };
}

/** An identity provider for the tests alone: its discovery document and its key. */
async function serveProvider(): Promise<Provider> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' };
  const server = createServer(({ url }, response) => {
    const isDiscovery = url === '/.well-known/openid-configuration';
    const document = isDiscovery ? { issuer, jwks_uri: `${issuer}/jwks` } : { keys: [key] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    privateKey: await exportJWK(privateKey),
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
