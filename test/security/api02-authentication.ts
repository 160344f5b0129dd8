import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Json } from '../harness/api.js';
import { queryServer, until } from '@fissile/kit/testing';
import { bodyFor, filled, routesOf } from './documented-routes.js';
import {
  FAILURES_PER_ACCOUNT,
  FAILURES_PER_ADDRESS,
  MAILS_PER_ADDRESS,
  type ProbedShop,
} from './probed-shop.js';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function probeAuthentication(shop: () => ProbedShop): void {
  const statusOf = async (token: string) => (await shop().send({ path: '/api/users/me', token })).status;
  const logIn = (email: string, password: string, from = '127.0.0.1', headers = {}) =>
    shop().send({ method: 'POST', path: '/api/auth/login', body: { email, password }, from, headers });

  it('every route behind a login refuses who has none, or a token that is none', async () => {
    for (const route of routesOf(shop().document).filter(({ needsToken }) => needsToken)) {
      for (const authorization of ['', 'Bearer', 'Bearer null', 'Bearer a.b.c', 'Basic YWRtaW46YWRtaW4=']) {
        const { status, body, headers } = await shop().send({
          method: route.method,
          path: filled(route.path, shop()),
          body: bodyFor(route, shop()),
          headers: { authorization },
        });
        assert.deepEqual(
          [status, body.code],
          [401, 'unauthenticated'],
          `${route.name} with "${authorization}"`,
        );
        assert.equal(headers['www-authenticate'], 'Bearer', route.name);
      }
    }
  });

  it('a token is taken from the Authorization header alone', async () => {
    const { token } = shop().alice;
    for (const name of ['access_token', 'token', 'jwt', 'authorization'])
      assert.equal((await shop().send({ path: `/api/users/me?${name}=${token}` })).status, 401, name);
    for (const name of ['cookie', 'x-access-token', 'x-authorization', 'proxy-authorization'])
      for (const value of [token, `Bearer ${token}`, `token=${token}; access_token=${token}`])
        assert.equal(
          (await shop().send({ path: '/api/users/me', headers: { [name]: value } })).status,
          401,
          name,
        );
  });

  it('a token without a signature, with another algorithm or with a changed claim is refused', async () => {
    const { token } = shop().alice;
    const [header = '', payload = '', signature = ''] = token.split('.');
    const head = JSON.parse(Buffer.from(header, 'base64url').toString());
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = [
      ...['none', 'None', 'NONE', 'nOnE'].map((alg) => `${encode({ ...head, alg })}.${payload}.`),
      ...['HS256', 'HS512', 'RS256', 'ES256', 'EdDSA '].map(
        (alg) => `${encode({ ...head, alg })}.${payload}.${signature}`,
      ),
      ...[{ roles: ['admin'] }, { sub: shop().bob.id }, { exp: 9_999_999_999 }, { sid: randomUUID() }].map(
        (change) => `${header}.${encode({ ...claims, ...change })}.${signature}`,
      ),
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${token}.${signature}`,
      `${token}A`,
      token.slice(0, -4),
      encode({ payload, signatures: [{ protected: header, signature }] }),
    ];
    for (const bad of forged) assert.equal(await statusOf(bad), 401, bad);
    assert.equal(await statusOf(token), 200);
  });

  it("a token signed with the published key as a secret, or with a key of the forger's, is refused", async () => {
    const { alice, api, canary } = shop();
    const [header = '', payload = ''] = alice.token.split('.');
    const head = JSON.parse(Buffer.from(header, 'base64url').toString());
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const published = (await api.get('/.well-known/jwks.json')).body.keys[0];
    const sign = (change: Json, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(claims).setProtectedHeader({ ...head, ...change }).sign(key);
    for (const secret of [published.x, JSON.stringify(published), Buffer.from(published.x, 'base64url')])
      assert.equal(await statusOf(await sign({ alg: 'HS256' }, Buffer.from(secret))), 401);
    const own = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    for (const change of [
      {},
      { jwk },
      { jku: `${canary.url}jwks` },
      { x5u: `${canary.url}x5u` },
      { kid: `${canary.url}jwks` },
      { kid: '../../../../dev/null' },
      { kid: "' UNION SELECT 'x" },
      { kid: '' },
      { crit: ['b64'], b64: true },
    ])
      assert.equal(await statusOf(await sign(change, own.privateKey)), 401, JSON.stringify(change));
    assert.deepEqual(canary.requests, [], 'it does not fetch keys from where a token says');
  });

  it('a token of ours is refused when it is old, early, for others or of another kind', async () => {
    const { shop: running, alice } = shop();
    // A key that the shop publishes as its own, as if it had leaked: only the claims of these tokens are wrong.
    const leaked = await generateKeyPair('EdDSA', { extractable: true });
    const kid = randomUUID();
    await queryServer(
      running.databaseServerUrl,
      `INSERT INTO signing_keys (id, public_jwk, private_key, signs_from, signs_until)
       VALUES ($1, $2, '', now() - interval '2 days', now() - interval '1 day')`,
      [kid, await exportJWK(leaked.publicKey)],
      `${running.databasePrefix}_users`,
    );
    const now = Math.floor(Date.now() / 1000);
    const good = {
      sub: alice.id,
      sid: randomUUID(),
      roles: ['customer'],
      iat_ms: Date.now(),
      iat: now,
      iss: 'fissile',
      aud: 'fissile-api',
      exp: now + 600,
    };
    const sign = (claims: Json = {}, head: Json = {}) =>
      new SignJWT({ ...good, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt', ...head })
        .sign(leaked.privateKey);
    await until('the key is known', async () => (await statusOf(await sign())) === 200);
    const wrong: [Json, Json?][] = [
      ...[{ exp: now - 1 }, { exp: undefined }, { nbf: now + 60 }, { iss: 'evil' }, { aud: 'other' }].map(
        (claims): [Json] => [claims],
      ),
      ...[
        { aud: undefined },
        { iss: undefined },
        { sub: 'admin' },
        { sub: undefined },
        { sid: undefined },
      ].map((claims): [Json] => [claims]),
      ...[{ roles: 'admin' }, { iat_ms: undefined }].map((claims): [Json] => [claims]),
      ...[{ typ: 'JWT' }, { typ: undefined }, { typ: 'fissile-internal+jwt' }].map((head): [Json, Json] => [
        {},
        head,
      ]),
    ];
    for (const [claims, head] of wrong)
      assert.equal(await statusOf(await sign(claims, head)), 401, JSON.stringify([claims, head]));
  });

  it('a refresh token is no access token, nor the other way round, and is good once', async () => {
    const { api } = shop();
    const { email, password } = await api.customer();
    const { body: tokens } = await logIn(email, password);
    const refresh = (refreshToken: string) => api.post('/api/auth/refresh', { refreshToken });
    assert.equal(await statusOf(tokens.refreshToken), 401);
    assert.equal((await refresh(tokens.accessToken)).status, 400, 'too long for one');
    const renewed = (await refresh(tokens.refreshToken)).body;
    assert.equal(await statusOf(renewed.accessToken), 200);
    const repeated = (await refresh(tokens.refreshToken)).body;
    assert.equal(repeated.refreshToken, renewed.refreshToken, 'no second one beside it');
    const latest = (await refresh(renewed.refreshToken)).body;
    assert.equal((await refresh(tokens.refreshToken)).status, 401);
    assert.equal((await refresh(latest.refreshToken)).status, 401, 'the family is revoked');
    for (const { accessToken } of [renewed, repeated, latest]) assert.equal(await statusOf(accessToken), 401);
  });

  it('a session that has ended, or whose account is disabled, has no tokens any more', async () => {
    const { api, admin } = shop();
    const { id, email, password, token } = await api.customer();
    const { body: other } = await logIn(email, password);
    assert.equal((await api.call('POST', '/api/auth/logout', { token })).status, 204);
    assert.deepEqual([await statusOf(token), await statusOf(other.accessToken)], [401, 200]);
    await api.call('PATCH', `/api/users/${id}`, { body: { status: 'disabled' }, token: admin });
    assert.equal(await statusOf(other.accessToken), 401);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken: other.refreshToken })).status, 401);
    assert.equal((await logIn(email, password)).status, 403);
  });

  it('who guesses the password of one account must wait, whatever is written differently, and no one else', async () => {
    const { email, password } = await shop().api.customer();
    const spellings = [email, email.toUpperCase(), email.replace('@', '＠'), email, email.replace('c', 'C')];
    const guess = (spelled: string, index: number) =>
      logIn(spelled, `guess-number-${index}`, '127.0.0.4', { 'x-forwarded-for': `203.0.113.${index}` });
    for (const [index, spelled] of spellings.slice(0, FAILURES_PER_ACCOUNT).entries())
      assert.equal((await guess(spelled, index)).status, 401, spelled);
    const { status, body, headers } = await logIn(email, password, '127.0.0.4');
    assert.deepEqual([status, body.code], [429, 'too_many_requests']);
    assert.ok(Number(headers['retry-after']) > 0);
    assert.equal((await logIn(email, password, '127.0.0.5')).status, 200, 'the owner is elsewhere');
  });

  it('who tries one password on many accounts must wait, and no one else', async () => {
    const { alice } = shop();
    const spray = (index: number) =>
      logIn(`nobody-${index}@customers.example`, 'Summer2026!', '127.0.0.2', {
        'x-forwarded-for': `198.51.100.${index}`,
      });
    const tried = await Promise.all(Array.from({ length: FAILURES_PER_ADDRESS }, (_, index) => spray(index)));
    assert.deepEqual([...new Set(tried.map(({ status }) => status))], [401]);
    assert.equal((await spray(99)).status, 429);
    assert.equal((await logIn(alice.email, alice.password, '127.0.0.2')).status, 429);
    assert.equal((await logIn(alice.email, alice.password)).status, 200);
  });

  it('a response does not reveal whether an account exists', async () => {
    const [known, unknown] = await Promise.all(
      [shop().bob.email, 'nobody@customers.example'].map(async (email) => {
        const { status, body, headers } = await logIn(email, 'not-the-password', '127.0.0.6');
        return { status, body: { ...body, traceId: '' }, names: Object.keys(headers).sort() };
      }),
    );
    assert.equal(known?.status, 401);
    assert.deepEqual(known, unknown);
  });

  it('asking for a mail does not reveal it either, nor does a token that is none', async () => {
    const { email } = await shop().api.customer();
    for (const path of ['/api/auth/password-reset', '/api/users/verification']) {
      const [known, unknown] = await Promise.all(
        [email, 'nobody@customers.example'].map(async (asked) => {
          const answer = await shop().send({
            method: 'POST',
            path,
            body: { email: asked },
            from: '127.0.0.9',
          });
          return { status: answer.status, text: answer.text, names: Object.keys(answer.headers).sort() };
        }),
      );
      assert.equal(known?.status, 202);
      assert.deepEqual(known, unknown, path);
    }
  });

  it('who asks for mails to many addresses must wait, and no one else', async () => {
    const ask = async (index: number, from: string) => {
      const body = { email: `nobody-${index}@customers.example` };
      return (await shop().send({ method: 'POST', path: '/api/auth/password-reset', body, from })).status;
    };
    for (let index = 0; index < MAILS_PER_ADDRESS; index += 1)
      assert.equal(await ask(index, '127.0.0.8'), 202);
    assert.equal(await ask(MAILS_PER_ADDRESS, '127.0.0.8'), 429);
    assert.equal(await ask(MAILS_PER_ADDRESS, '127.0.0.10'), 202);
  });

  it('who has a token alone cannot change the password, nor guess the current one', async () => {
    const { api } = shop();
    const { token } = await api.customer();
    const newPassword = 'a password of the thief';
    const guess = async (currentPassword: unknown) =>
      (await api.post('/api/users/me/password', { currentPassword, newPassword }, token)).status;
    assert.equal(await guess(undefined), 400);
    for (let guesses = 0; guesses < FAILURES_PER_ACCOUNT; guesses += 1)
      assert.equal(await guess(`guess-number-${guesses}`), 400);
    assert.equal(await guess('one guess more'), 429);
  });

  it('nobody sees or ends the sessions of another', async () => {
    const { api } = shop();
    const [ours, theirs] = [await api.customer(), await api.customer()];
    const list = async (token: string) => (await api.get('/api/users/me/sessions', token)).body.items;
    const [session] = await list(theirs.token);
    assert.ok(!(await list(ours.token)).some(({ id }: Json) => id === session.id));
    const path = `/api/users/me/sessions/${session.id}`;
    assert.equal((await api.call('DELETE', path, { token: ours.token })).status, 404);
    assert.equal((await api.call('DELETE', '/api/users/me/sessions', { token: ours.token })).status, 204);
    assert.equal(await statusOf(theirs.token), 200);
  });

  it('a stolen session does not outlive a change of the password', async () => {
    const { api } = shop();
    const { email, password, token } = await api.customer();
    const { body: stolen } = await logIn(email, password);
    const body = { currentPassword: password, newPassword: 'the password of tomorrow' };
    assert.equal((await api.post('/api/users/me/password', body, token)).status, 204);
    assert.deepEqual([await statusOf(token), await statusOf(stolen.accessToken)], [200, 401]);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken: stolen.refreshToken })).status, 401);
  });

  it('an address cannot be registered twice, however it is written', async () => {
    const { email } = shop().alice;
    for (const spelled of [
      email.toUpperCase(),
      email.replace('@', '＠'),
      ` ${email}`,
      `${email}\u0000`,
      `${email} `,
    ]) {
      const body = { email: spelled, password: 'a long enough secret', name: 'Eve' };
      const { status } = await shop().send({ method: 'POST', path: '/api/users', body });
      assert.ok(status === 409 || status === 400, `${JSON.stringify(spelled)}: ${status}`);
    }
  });
}
