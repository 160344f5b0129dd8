import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { loadSettings, settingsOf } from '@fissile/kit/config';
import { ContextError } from '@fissile/kit/contract';
import type { TokenIssuer } from '@fissile/kit/contract';
import { currentCall, runInCall } from '@fissile/kit/request';
import { CancellationToken } from '@fissile/kit/async';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPE } from './access-token.js';
import { makeIssuerKey, TestIssuer } from '@fissile/kit/testing';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { OidcProvider } from './oidc/oidc-provider.js';
import { OidcSettings } from './oidc/oidc.settings.js';
import { OidcTokens } from './oidc/oidc-tokens.js';
import { RevocationWatch } from './revocation-watch.js';
import { Revocations } from './revocations.js';
import { SigningKeys } from './signing-keys.js';

const oidcSettings = (environment: Record<string, string>): OidcSettings =>
  settingsOf(OidcSettings, loadSettings({ cwd: '/', environment }));

describe('An access token', () => {
  let getSigningKeys: TokenIssuer['getSigningKeys'];
  let listRevocations: TokenIssuer['listRevocations'];
  let asks: number;
  let verifier: AccessTokenVerifier;
  let makeVerifier: (oidc: OidcSettings) => AccessTokenVerifier;
  let published: string[];

  beforeEach(() => {
    asks = 0;
    published = [];
    getSigningKeys = async () => ({ keys: published });
    listRevocations = async () => ({ revocations: [], asOf: new Date() });
    const issuer: TokenIssuer = {
      getSigningKeys: (request) => {
        asks += 1;
        return getSigningKeys(request);
      },
      listRevocations: (request) => listRevocations(request),
    };
    makeVerifier = (oidc) => {
      const revocations = new Revocations({ ACCESS_TOKEN_MINUTES: 15 });
      return new AccessTokenVerifier(
        new SigningKeys(issuer),
        revocations,
        new RevocationWatch(issuer, revocations),
        new OidcTokens(oidc, new OidcProvider(oidc)),
        oidc,
      );
    };
    verifier = makeVerifier(oidcSettings({}));
  });
  afterEach(() => mock.restoreAll());

  const unavailable = async () => Promise.reject(ContextError.of('unavailable'));

  /** A key that signs tokens of one user. */
  async function signer() {
    const { publicKey, privateKey } = await generateKeyPair(TOKEN_ALGORITHM);
    const kid = randomUUID();
    const userId = randomUUID();
    const sign = () =>
      new SignJWT({ sub: userId, sid: randomUUID(), roles: ['member'], iat_ms: Date.now() })
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, kid, typ: TOKEN_TYPE })
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setExpirationTime('15m')
        .sign(privateKey)
        .then((token) => `Bearer ${token}`);
    return { userId, sign, jwk: JSON.stringify({ ...(await exportJWK(publicKey)), kid }) };
  }
  const codesOf = async (tokens: readonly Promise<string>[]) =>
    Promise.all(
      tokens.map(async (token) =>
        verifier.verify(await token).then(
          () => 'good',
          (error: ContextError) => error.code,
        ),
      ),
    );

  it('is good when its key is published, and concurrent verifications share one request for the keys', async () => {
    const { sign, jwk } = await signer();
    published = [jwk];
    assert.deepEqual(await codesOf([sign(), sign(), sign()]), ['good', 'good', 'good']);
    assert.equal(asks, 1);
  });

  it('of a new key is good for all concurrent verifications while the key is fetched', async () => {
    const [old, young] = [await signer(), await signer()];
    published = [old.jwk];
    let now = Date.now();
    mock.method(Date, 'now', () => now);
    assert.deepEqual(await codesOf([old.sign()]), ['good']);
    now += 2_000;
    published = [old.jwk, young.jwk];
    assert.deepEqual(await codesOf([young.sign(), young.sign(), old.sign()]), ['good', 'good', 'good']);
    assert.equal(asks, 2);
  });

  it('of an unknown key is refused, and does not cause a request each time', async () => {
    const [known, unknown] = [await signer(), await signer()];
    published = [known.jwk];
    const now = Date.now();
    mock.method(Date, 'now', () => now);
    for (let tried = 0; tried < 3; tried += 1) {
      assert.deepEqual(await codesOf([unknown.sign()]), ['unauthenticated']);
    }
    assert.equal(asks, 1);
  });

  it('is not rejected while its key cannot be fetched', async () => {
    const [old, young] = [await signer(), await signer()];
    published = [old.jwk];
    let now = Date.now();
    mock.method(Date, 'now', () => now);
    assert.deepEqual(await codesOf([old.sign()]), ['good']);
    now += 2_000;
    const answer = getSigningKeys;
    getSigningKeys = unavailable;
    for (let tried = 0; tried < 3; tried += 1) {
      assert.deepEqual(await codesOf([young.sign(), old.sign()]), ['unavailable', 'good']);
    }
    getSigningKeys = answer;
    published = [young.jwk];
    assert.deepEqual(await codesOf([young.sign()]), ['good']);
  });

  it('that was found good is not decoded again to see whose it is', async () => {
    const { sign, jwk } = await signer();
    published = [jwk];
    const claims = mock.method(OidcTokens.prototype, 'claims');
    verifier = makeVerifier(oidcSettings({ AUTH_ISSUER: 'https://id.example', AUTH_AUDIENCE: 'api' }));
    const token = sign();
    assert.deepEqual(await codesOf([token]), ['good']);
    assert.deepEqual(await codesOf([token, token]), ['good', 'good']);
    assert.equal(claims.mock.callCount(), 1);
  });

  it('is not rejected when the keys are not readable', async () => {
    const { sign } = await signer();
    published = ['{'];
    assert.deepEqual(await codesOf([sign()]), ['unavailable']);
  });

  it('is good although the request that fetched the keys first is cancelled', async () => {
    const { sign, jwk } = await signer();
    const requested = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const left = new CancellationToken();
    getSigningKeys = async () => {
      const cancellation = currentCall()?.cancellation;
      requested.resolve();
      await answered.promise;
      cancellation?.throwIfCancelled();
      return { keys: [jwk] };
    };
    const first = runInCall({ requestId: '', traceId: '', cancellation: left }, () => codesOf([sign()]));
    await requested.promise;
    const second = codesOf([sign()]);
    left.cancel(ContextError.of('cancelled'));
    answered.resolve();
    assert.deepEqual([...(await first), ...(await second)], ['good', 'good']);
    assert.equal(asks, 1);
  });

  it('is taken only once it is known what was revoked before this process started', async () => {
    const { userId, sign, jwk } = await signer();
    published = [jwk];
    const token = sign();
    listRevocations = unavailable;
    assert.deepEqual(await codesOf([token]), ['unavailable']);
    const revokedAt = new Date(Date.now() + 1_000);
    listRevocations = async () => ({ revocations: [{ subjectId: userId, revokedAt }], asOf: new Date() });
    assert.deepEqual(await codesOf([token]), ['unauthenticated']);
  });

  it('is one of our own users or of an external provider, as it says itself', async () => {
    const { sign, jwk } = await signer();
    published = [jwk];
    const external = await TestIssuer.start();
    try {
      external.keys = [await makeIssuerKey('external')];
      const [key] = external.keys;
      assert.ok(key);
      const foreign = external.sign(key).then((token) => `Bearer ${token}`);
      const forged = external.sign(key, { iss: TOKEN_ISSUER }).then((token) => `Bearer ${token}`);
      verifier = makeVerifier(oidcSettings(external.env));
      assert.deepEqual(await codesOf([sign(), foreign, forged]), ['good', 'good', 'unauthenticated']);
      verifier = makeVerifier(oidcSettings({ ...external.env, AUTH_OWN_TOKENS: 'false' }));
      assert.deepEqual(await codesOf([sign(), foreign]), ['unauthenticated', 'good']);
      listRevocations = unavailable;
      verifier = makeVerifier(oidcSettings(external.env));
      assert.deepEqual(await codesOf([sign(), foreign]), ['unavailable', 'good']);
    } finally {
      await external.stop();
    }
  });
});
