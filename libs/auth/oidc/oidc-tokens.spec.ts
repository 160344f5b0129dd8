import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type CryptoKey, exportSPKI, importJWK, SignJWT } from 'jose';
import { ContextError } from '@fissile/kit/contract';
import { loadSettings, settingsOf } from '@fissile/kit/config';
import { type IssuerKey, makeIssuerKey, TestIssuer } from '@fissile/kit/testing';
import { OidcSettings } from './oidc.settings.js';
import { OidcProvider } from './oidc-provider.js';
import { OidcTokens } from './oidc-tokens.js';

const MINUTE_MS = 60_000;

describe('A token of an external provider', () => {
  let first: IssuerKey;
  let second: IssuerKey;
  let issuer: TestIssuer;
  let provider: OidcProvider;
  let tokens: OidcTokens;

  before(async () => {
    [first, second] = await Promise.all([makeIssuerKey('first'), makeIssuerKey('second', 'ES256')]);
  });

  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    issuer = await TestIssuer.start();
    issuer.keys = [first];
    const settings = settingsOf(OidcSettings, loadSettings({ cwd: '/', environment: issuer.env }));
    provider = new OidcProvider(settings);
    tokens = new OidcTokens(settings, provider);
  });

  afterEach(async () => {
    mock.timers.reset();
    provider.onApplicationShutdown();
    await issuer.stop();
  });

  const verdict = async (token: string | Promise<string>): Promise<string> =>
    tokens.verify(await token).then(
      () => 'good',
      (error: unknown) => (error instanceof ContextError ? error.code : String(error)),
    );

  it('is good when it is signed with a key of its provider, in whichever way it writes its type', async () => {
    for (const typ of ['at+jwt', 'application/at+jwt', 'JWT', undefined])
      assert.equal(await verdict(issuer.sign(first, {}, { typ })), 'good', typ);
    assert.equal(await verdict(issuer.sign(first, { aud: ['other', issuer.env['AUTH_AUDIENCE']] })), 'good');
    assert.deepEqual(issuer.asked, ['/.well-known/openid-configuration', '/jwks'], 'it is asked once');
  });

  it('is refused when it is for others, of others, early, late, or no access token', async () => {
    const now = Math.floor(Date.now() / 1000);
    const wrong: [object, object?][] = [
      [{ aud: 'other' }],
      [{ aud: undefined }],
      [{ iss: `${issuer.url}/other` }],
      [{ exp: now - 11 }],
      [{ exp: undefined }],
      [{ iat: undefined }],
      [{ nbf: now + 60 }],
      [{ sub: undefined }],
      [{ sub: '' }],
      [{ at_hash: 'x' }],
      [{ events: {} }],
      [{ cnf: { jkt: 'x' } }],
      [{ typ: 'ID' }],
      [{}, { typ: 'logout+jwt' }],
      [{}, { typ: 'dpop+jwt' }],
    ];
    for (const [claims, header] of wrong)
      assert.equal(
        await verdict(issuer.sign(first, { ...claims }, { ...header })),
        'unauthenticated',
        JSON.stringify([claims, header]),
      );
    assert.equal(await verdict(issuer.sign(first, { exp: now - 9 })), 'good', 'clocks differ a little');
  });

  it('is refused when it is not signed, or with the public key as a secret', async () => {
    const [, payload = ''] = (await issuer.sign(first)).split('.');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', ''])
      assert.equal(await verdict(`${encode({ alg, kid: 'first' })}.${payload}.`), 'unauthenticated', alg);
    const pem = await exportSPKI((await importJWK(first.publicJwk, 'RS256')) as CryptoKey);
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    for (const secret of [pem, JSON.stringify(first.publicJwk), first.publicJwk.n ?? '']) {
      const header = { alg: 'HS256', kid: 'first', typ: 'at+jwt' };
      const forged = new SignJWT({ ...claims }).setProtectedHeader(header).sign(Buffer.from(secret));
      assert.equal(await verdict(forged), 'unauthenticated');
    }
    assert.deepEqual(issuer.asked, [], 'nothing is asked for such a token');
  });

  it('is refused when its key is of another provider, though it has the same id', async () => {
    const foreign = { ...(await makeIssuerKey('first')), kid: 'first' };
    assert.equal(await verdict(issuer.sign(foreign)), 'unauthenticated');
    assert.equal(await verdict(issuer.sign(first)), 'good');
  });

  it('is refused when it says itself where its key is, even with a good signature', async () => {
    const other = await TestIssuer.start();
    other.keys = [await makeIssuerKey('first')];
    try {
      for (const header of [
        { jku: `${other.url}/jwks` },
        { x5u: `${other.url}/jwks` },
        { jwk: other.keys[0]?.publicJwk },
      ]) {
        for (const key of [first, ...other.keys])
          assert.equal(
            await verdict(issuer.sign(key, {}, header)),
            'unauthenticated',
            Object.keys(header)[0],
          );
      }
      assert.deepEqual(other.asked, []);
    } finally {
      await other.stop();
    }
  });

  it('of a new key is good at once, and an unknown key does not make us ask for each token', async () => {
    assert.equal(await verdict(issuer.sign(first)), 'good');
    mock.timers.tick(2_000);
    issuer.keys = [first, second];
    assert.equal(await verdict(issuer.sign(second)), 'good');
    const unknown = await makeIssuerKey('third');
    const asked = issuer.asked.length;
    for (let tried = 0; tried < 3; tried += 1)
      assert.equal(await verdict(issuer.sign(unknown, { sub: `${tried}` })), 'unauthenticated');
    assert.equal(issuer.asked.length, asked);
  });

  it('is not called bad while the provider is away; those of known keys go on', async () => {
    issuer.status = 503;
    assert.equal(await verdict(issuer.sign(first)), 'unavailable');
    const asked = issuer.asked.length;
    assert.equal(await verdict(issuer.sign(first)), 'unavailable');
    assert.equal(issuer.asked.length, asked, 'it is not asked for each token');
    issuer.status = 200;
    mock.timers.tick(2_000);
    assert.equal(await verdict(issuer.sign(first)), 'good');
    issuer.status = 503;
    mock.timers.tick(60 * MINUTE_MS);
    assert.equal(await verdict(issuer.sign(first, { sub: 'another' })), 'good');
    assert.equal(await verdict(issuer.sign(second)), 'unavailable');
    issuer.status = 200;
    issuer.keys = [first, second];
    mock.timers.tick(2_000);
    assert.equal(await verdict(issuer.sign(second)), 'good');
  });

  it('says when it makes sense to ask again', async () => {
    issuer.status = 500;
    await assert.rejects(tokens.verify(await issuer.sign(first)), (error: ContextError) => {
      assert.deepEqual([error.status, error.retryable, error.details], [503, true, { retryAfter: 2 }]);
      return true;
    });
  });

  it('is refused some minutes after its key has been withdrawn', async () => {
    issuer.keys = [first, second];
    const token = await issuer.sign(first);
    assert.equal(await verdict(token), 'good');
    issuer.keys = [second];
    mock.timers.tick(5 * MINUTE_MS);
    const asked = issuer.asked.length;
    // What is known serves until the answer is there, so this one is still good.
    await verdict(token);
    await provider.metadata();
    for (let waits = 0; waits < 500 && issuer.asked.length < asked + 2; waits += 1) await setTimeout(5);
    mock.timers.tick(5 * MINUTE_MS);
    assert.equal(await verdict(issuer.sign(second)), 'good');
    assert.equal(await verdict(token), 'unauthenticated');
  });

  it('expires, although it was found good', async () => {
    const token = await issuer.sign(first, { exp: Math.floor(Date.now() / 1000) + 60 });
    assert.equal(await verdict(token), 'good');
    mock.timers.tick(71_000);
    assert.equal(await verdict(token), 'unauthenticated');
  });

  it('is not verified with keys from a document of another issuer, or at an address that is none', async () => {
    for (const lies of [
      { issuer: 'https://other.example' },
      { jwks_uri: 'ftp://x' },
      { jwks_uri: undefined },
    ]) {
      issuer.lies = lies;
      assert.equal(await verdict(issuer.sign(first)), 'unavailable', JSON.stringify(lies));
      mock.timers.tick(2_000);
    }
  });

  it('is told by its issuer, with or without a slash at the end', async () => {
    const claimed = async (iss: string): Promise<boolean> => tokens.claims(await issuer.sign(first, { iss }));
    assert.equal(await claimed(issuer.url), true);
    assert.equal(await claimed(`${issuer.url}/`), true);
    assert.equal(await claimed('fissile'), false);
    assert.equal(tokens.claims('no token'), false);
    issuer.lies = { issuer: `${issuer.url}/` };
    assert.equal(
      await verdict(issuer.sign(first, { iss: `${issuer.url}/` })),
      'good',
      'as the document writes it',
    );
    assert.equal(await verdict(issuer.sign(first)), 'unauthenticated');
  });
});
