import { randomUUID } from 'node:crypto';
import { exportJWK, importJWK, type JWK, SignJWT } from 'jose';
import { makeIssuerKey, TestIssuer } from '../test-issuer.js';
import type { Accounts } from './accounts.js';

const ALGORITHM = 'ES256';
const KEY_ID = 'test';

/** What signs tokens of the issuer, in the process that serves it and in others. */
interface Handover {
  readonly env: Readonly<Record<string, string>>;
  readonly privateKey: JWK;
}

/** Accounts of an OpenID provider, by tokens that the test signs itself. */
export async function issuerAccounts(handover?: string): Promise<Accounts> {
  const { signing, close } =
    handover === undefined
      ? await serveIssuer()
      : { signing: JSON.parse(handover) as Handover, close: async () => undefined };
  const key = await importJWK(signing.privateKey, ALGORITHM);
  const sign = (roles: readonly string[]): Promise<string> =>
    new SignJWT({ roles })
      .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID, typ: 'at+jwt' })
      .setIssuer(signing.env['AUTH_ISSUER'] ?? '')
      .setAudience(signing.env['AUTH_AUDIENCE'] ?? '')
      .setSubject(randomUUID())
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(key);
  return {
    settings: { ...signing.env, AUTH_ROLES_CLAIM: 'roles' },
    signIn: () => sign([]),
    signInAsAdmin: () => sign(['admin']),
    handover: JSON.stringify(signing),
    close,
  };
}

async function serveIssuer(): Promise<{ signing: Handover; close(): Promise<void> }> {
  const issuer = await TestIssuer.start();
  const key = await makeIssuerKey(KEY_ID, ALGORITHM);
  issuer.keys = [key];
  const signing = { env: issuer.env, privateKey: await exportJWK(key.privateKey) };
  return { signing, close: () => issuer.stop() };
}
