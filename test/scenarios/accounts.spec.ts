import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ADMIN } from '../harness/shop.js';
import { Api } from '../harness/api.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';

describe('Accounts', () => {
  let shop: SharedShop;
  let api: Api;
  let admin: string;

  before(async () => {
    shop = await sharedShop();
    api = new Api(shop);
    admin = await api.admin();
  });

  after(() => shop.close());

  const loggedIn = async () => {
    const customer = await api.customer();
    const { body } = await api.post('/api/auth/login', {
      email: customer.email,
      password: customer.password,
    });
    return { ...customer, token: body.accessToken as string, refreshToken: body.refreshToken as string };
  };
  const statusWith = async (token: string) => (await api.get('/api/users/me', token)).status;

  it('a new account can log in, and shows no secret', async () => {
    const email = `New.${randomUUID()}@Example.com`;
    const { status, headers, body } = await api.post('/api/users', {
      email,
      password: 'a long enough secret',
      name: 'Ada',
    });
    assert.equal(status, 201);
    assert.equal(headers.get('location'), `/api/users/${body.id}`);
    assert.deepEqual(Object.keys(body).sort(), [
      'createdAt',
      'email',
      'emailVerified',
      'id',
      'name',
      'roles',
      'status',
    ]);
    assert.equal(body.emailVerified, false);
    assert.equal(body.email, email.toLowerCase());
    assert.deepEqual(body.roles, ['customer']);
    assert.ok(await api.login(email.toUpperCase(), 'a long enough secret'));
  });

  it('an email has one account, whatever its case', async () => {
    const { email } = await api.customer();
    const again = { email: email.toUpperCase(), password: 'another long secret', name: 'B' };
    const { status, body } = await api.post('/api/users', again);
    assert.equal(`${status} ${body.code}`, '409 email_taken');
  });

  it('rejects passwords that are short, long or common, and fields that clients may not set', async () => {
    const attempt = async (change: object) => {
      const registration = {
        email: `${randomUUID()}@example.com`,
        password: 'a long enough secret',
        name: 'C',
      };
      const { status, body } = await api.post('/api/users', { ...registration, ...change });
      assert.equal(status, 400);
      return body.errors.map((error: { path: string }) => error.path);
    };
    assert.deepEqual(await attempt({ password: 'short' }), ['password']);
    assert.deepEqual(await attempt({ password: 'x'.repeat(129) }), ['password']);
    assert.deepEqual(await attempt({ password: 'passwordpassword' }), ['password']);
    assert.deepEqual(await attempt({ email: 'nobody' }), ['email']);
    assert.deepEqual(await attempt({ name: 'a\u0000b' }), ['name']);
    assert.deepEqual(await attempt({ roles: ['admin'], status: 'active' }), ['roles', 'status']);
  });

  it('a wrong password and an unknown email get the same answer', async () => {
    const { email } = await api.customer();
    const answers = await Promise.all(
      [email, `${randomUUID()}@example.com`].map((address) =>
        api.post('/api/auth/login', { email: address, password: 'not the password' }),
      ),
    );
    const [known, unknown] = answers.map(({ status, body }) => ({ status, body: { ...body, traceId: '' } }));
    assert.equal(known?.status, 401);
    assert.deepEqual(known, unknown);
  });

  it('an account that is guessed at must wait', async () => {
    const { email, password } = await api.customer();
    for (let failed = 0; failed < 3; failed += 1) {
      assert.equal((await api.post('/api/auth/login', { email, password: 'a wrong password' })).status, 401);
    }
    const refused = await api.post('/api/auth/login', { email, password });
    assert.equal(`${refused.status} ${refused.body.code}`, '429 too_many_requests');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  });

  it('a refresh token is good once; used again after the next one, it ends the session', async () => {
    const { token, refreshToken } = await loggedIn();
    const traded = await api.post('/api/auth/refresh', { refreshToken });
    assert.equal(traded.status, 200);
    assert.equal(await statusWith(traded.body.accessToken), 200);
    const repeated = await api.post('/api/auth/refresh', { refreshToken });
    assert.equal(repeated.body.refreshToken, traded.body.refreshToken, 'the answer may have been lost');
    const latest = await api.post('/api/auth/refresh', { refreshToken: traded.body.refreshToken });
    assert.equal(latest.status, 200);
    const again = await api.post('/api/auth/refresh', { refreshToken });
    assert.equal(`${again.status} ${again.body.code}`, '401 invalid_refresh_token');
    const newest = await api.post('/api/auth/refresh', { refreshToken: latest.body.refreshToken });
    assert.equal(newest.status, 401, 'the whole family is revoked');
    assert.equal(await statusWith(traded.body.accessToken), 401);
    assert.equal(await statusWith(token), 401);
  });

  it('who asks for the same refresh several times at once gets one next token', async () => {
    const { refreshToken } = await loggedIn();
    const answers = await Promise.all([1, 2, 3].map(() => api.post('/api/auth/refresh', { refreshToken })));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(new Set(answers.map(({ body }) => body.refreshToken)).size, 1);
  });

  it('logging out ends the session at once', async () => {
    const { token, refreshToken } = await loggedIn();
    assert.equal((await api.call('POST', '/api/auth/logout', { token })).status, 204);
    assert.equal(await statusWith(token), 401);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken })).status, 401);
  });

  it('a session is ended by its refresh token when the access token has expired', async () => {
    const { token, refreshToken } = await loggedIn();
    assert.equal((await api.post('/api/auth/revoke', { refreshToken })).status, 204);
    assert.equal(await statusWith(token), 401);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken })).status, 401);
    assert.equal((await api.post('/api/auth/revoke', { refreshToken })).status, 204);
    assert.equal((await api.post('/api/auth/revoke', {})).status, 400);
  });

  it('a password is changed by who knows it, and only the session that changes it goes on', async () => {
    const { email, password, token } = await loggedIn();
    const { body: other } = await api.post('/api/auth/login', { email, password });
    const change = (currentPassword: string, newPassword: string) =>
      api.post('/api/users/me/password', { currentPassword, newPassword }, token);
    const wrong = await change('not the password', 'the-password-of-tomorrow');
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, 'currentPassword']);
    const weak = await change(password, 'passwordpassword');
    assert.deepEqual([weak.status, weak.body.errors[0].path], [400, 'newPassword']);
    assert.equal(await statusWith(other.accessToken), 200);
    assert.equal((await change(password, 'the-password-of-tomorrow')).status, 204);
    assert.deepEqual([await statusWith(token), await statusWith(other.accessToken)], [200, 401]);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken: other.refreshToken })).status, 401);
    assert.equal((await api.post('/api/auth/login', { email, password })).status, 401);
    assert.ok(await api.login(email, 'the-password-of-tomorrow'));
  });

  it('sessions are listed, and ended one by one or all but one', async () => {
    const { email, password, token } = await loggedIn();
    const headers = { 'user-agent': `An old phone ${'x'.repeat(300)}` };
    const signIn = async () =>
      (await api.call('POST', '/api/auth/login', { body: { email, password }, headers })).body.accessToken;
    const [phone, tablet] = [await signIn(), await signIn()];
    const list = async () => (await api.get('/api/users/me/sessions', token)).body.items;
    const [newest, ...older] = await list();
    assert.deepEqual(Object.keys(newest).sort(), [
      'current',
      'id',
      'lastUsedAt',
      'network',
      'startedAt',
      'userAgent',
    ]);
    assert.match(newest.userAgent, /^An old phone x+$/);
    assert.ok(newest.userAgent.length <= 120 && newest.network);
    assert.equal([newest, ...older].filter(({ current }) => current).length, 1);
    assert.equal((await api.call('DELETE', `/api/users/me/sessions/${newest.id}`, { token })).status, 204);
    assert.deepEqual([await statusWith(tablet), await statusWith(phone)], [401, 200]);
    const again = await api.call('DELETE', `/api/users/me/sessions/${newest.id}`, { token });
    assert.equal(`${again.status} ${again.body.code}`, '404 session_not_found');
    assert.equal((await api.call('DELETE', '/api/users/me/sessions', { token })).status, 204);
    assert.deepEqual([await statusWith(phone), await statusWith(token)], [401, 200]);
    assert.deepEqual(
      (await list()).map(({ current }: { current: boolean }) => current),
      [true],
    );
  });

  it('asking for a mail is answered alike for each address, and a token that is none is refused', async () => {
    const { email } = await api.customer();
    for (const path of ['/api/users/verification', '/api/auth/password-reset']) {
      const [known, unknown] = await Promise.all(
        [email, `${randomUUID()}@example.com`].map(async (asked) => {
          const { status, body } = await api.post(path, { email: asked });
          return { status, body };
        }),
      );
      assert.equal(known?.status, 202);
      assert.deepEqual(known, unknown);
    }
    const password = 'the-password-of-tomorrow';
    for (const [path, body] of [
      ['/api/users/verification/confirm', { token: 'none' }],
      ['/api/auth/password-reset/confirm', { token: 'none', password }],
    ] as const) {
      const refused = await api.post(path, body);
      assert.equal(`${refused.status} ${refused.body.code}`, '400 invalid_token');
    }
  });

  it('logging out counts at once in every part of the shop', async () => {
    const { token } = await api.customer();
    const paths = ['/api/users/me', '/api/orders', '/api/payments', '/api/notifications'];
    for (const path of paths) assert.equal((await api.get(path, token)).status, 200, path);
    await api.call('POST', '/api/auth/logout', { token });
    for (const path of paths) assert.equal((await api.get(path, token)).status, 401, path);
  });

  it('logging out counts at once at what the gateway answers itself', async () => {
    const session = await api.admin();
    assert.equal((await api.get('/api/admin/topology', session)).status, 200);
    await api.call('POST', '/api/auth/logout', { token: session });
    assert.equal((await api.get('/api/admin/topology', session)).status, 401);
  });

  it('no token outlives a disabling that it was issued beside', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, email, password } = await api.customer();
      const login = () => api.post('/api/auth/login', { email, password });
      const early = login();
      const disabled = api.call('PATCH', `/api/users/${id}`, { body: { status: 'disabled' }, token: admin });
      const logins = await Promise.all([early, ...Array.from({ length: 4 }, login)]);
      assert.equal((await disabled).status, 200);
      for (const { status, body } of logins) {
        if (status !== 200) continue;
        assert.equal((await api.get('/api/users/me', body.accessToken)).status, 401);
        assert.equal((await api.post('/api/auth/refresh', { refreshToken: body.refreshToken })).status, 401);
      }
    }
  });

  it('a disabled account is out at once, and cannot come back', async () => {
    const { id, email, password, token, refreshToken } = await loggedIn();
    assert.equal(
      (await api.call('PATCH', `/api/users/${id}`, { body: { status: 'disabled' }, token: admin })).status,
      200,
    );
    assert.equal(await statusWith(token), 401);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken })).status, 401);
    const login = await api.post('/api/auth/login', { email, password });
    assert.equal(`${login.status} ${login.body.code}`, '403 account_disabled');
  });

  it('a new role counts from the next login on, and the old token is void', async () => {
    const { id, email, password, token } = await loggedIn();
    assert.equal((await api.get('/api/users', token)).status, 403);
    await api.call('PATCH', `/api/users/${id}`, { body: { roles: ['customer', 'admin'] }, token: admin });
    assert.equal(await statusWith(token), 401);
    const newToken = await api.login(email, password);
    assert.equal((await api.get('/api/users', newToken)).status, 200);
    await api.call('PATCH', `/api/users/${id}`, { body: { roles: ['customer'] }, token: admin });
  });

  it('the last admin stays one', async () => {
    const { body } = await api.get('/api/users/me', admin);
    for (const change of [{ status: 'disabled' }, { roles: ['customer'] }]) {
      const answer = await api.call('PATCH', `/api/users/${body.id}`, { body: change, token: admin });
      assert.equal(`${answer.status} ${answer.body.code}`, '409 last_admin');
    }
    assert.ok(await api.login(ADMIN.email, ADMIN.password));
  });

  it('a profile is changed only by who saw its latest version', async () => {
    const { token } = await loggedIn();
    const read = await api.get('/api/users/me', token);
    const etag = read.headers.get('etag') ?? '';
    const change = (name: string, ifMatch: string) =>
      api.call('PATCH', '/api/users/me', { body: { name }, token, headers: { 'if-match': ifMatch } });
    assert.equal((await change('First', etag)).status, 200);
    const stale = await change('Second', etag);
    assert.equal(`${stale.status} ${stale.body.code}`, '412 version_mismatch');
    assert.equal((await api.get('/api/users/me', token)).body.name, 'First');
  });

  it('tokens are signed with a published asymmetric key, and nothing else is taken', async () => {
    const { token } = await loggedIn();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const decoded = JSON.parse(Buffer.from(header, 'base64url').toString());
    const { keys } = (await api.get('/.well-known/jwks.json')).body;
    assert.ok(
      keys.some((key: { kid: string; d?: string }) => key.kid === decoded.kid && key.d === undefined),
    );
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = [
      `${encode({ ...decoded, alg: 'none' })}.${payload}.`,
      `${encode({ ...decoded, alg: 'HS256' })}.${payload}.${signature}`,
      `${header}.${encode({ ...claims, roles: ['admin'] })}.${signature}`,
      `${header}.${payload}.`,
      `${encode({ ...decoded, kid: '../../etc/passwd' })}.${payload}.${signature}`,
      'nonsense',
    ];
    for (const bad of forged) assert.equal(await statusWith(bad), 401, bad);
    assert.equal(await statusWith(token), 200);
  });

  it('customers and strangers get no further than they should', async () => {
    const { token } = await loggedIn();
    const adminRoutes = [
      ['GET', '/api/users'],
      ['POST', '/api/products'],
      ['GET', '/api/inventory'],
      ['GET', '/api/admin/sagas'],
      ['GET', '/api/admin/dead-letters'],
      ['GET', '/api/admin/audit'],
      ['GET', '/api/admin/topology'],
      ['POST', `/api/payments/${randomUUID()}/refunds`],
    ] as const;
    for (const [method, path] of adminRoutes) {
      assert.equal((await api.call(method, path, { token })).status, 403, path);
      const stranger = await api.call(method, path);
      assert.equal(stranger.status, 401, path);
      assert.equal(stranger.headers.get('www-authenticate'), 'Bearer');
    }
    assert.equal((await api.get('/api/admin/topology', admin)).body.topology, shop.topology);
  });

  it('no password, token or email of a customer is in the logs', () => {
    assert.doesNotMatch(
      shop.output,
      /the-password-of-|customers\.example|eyJ[A-Za-z0-9_-]+\.|the-tests-own-admin/,
    );
  });
});
