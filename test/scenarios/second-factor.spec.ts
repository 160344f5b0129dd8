import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { until } from '@fissile/kit/testing';
import { Api, type Customer, type Json } from '../harness/api.js';
import { MailServer } from '../harness/mail-server.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';
import { ADMIN, Shop } from '../harness/shop.js';

const OWN = '/api/users/me/second-factor';

/** What the app shows now, or in its next step. */
function codeOf(secret: string, step: 'now' | 'next' = 'now'): string {
  const later = step === 'next' ? 30_000 : 0;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later });
}

/** By the code of now. The session has another access token then. */
async function setUp(api: Api, token: string, password: string) {
  const begun = await api.post(OWN, { password }, token);
  assert.equal(begun.status, 200, JSON.stringify(begun.body));
  const { secret, otpauth } = begun.body as { secret: string; otpauth: string };
  const code = codeOf(secret);
  const confirmed = await api.post(`${OWN}/confirm`, { code }, token);
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
  return { secret, otpauth, code, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}

const outcome = ({ status, body }: { status: number; body: Json }) => `${status} ${body.code ?? ''}`.trim();

describe('A second factor', () => {
  let shop: SharedShop;
  let api: Api;
  let admin: string;

  before(async () => {
    shop = await sharedShop();
    api = new Api(shop);
    admin = await api.admin();
  });

  after(() => shop.close());

  const logIn = ({ email, password }: Pick<Customer, 'email' | 'password'>, code?: string) =>
    api.post('/api/auth/login', { email, password, ...(code !== undefined && { code }) });
  const loggedIn = async () => {
    const customer = await api.customer();
    const { body } = await logIn(customer);
    return { ...customer, token: body.accessToken as string, refreshToken: body.refreshToken as string };
  };
  const auditOf = async (id: string) => {
    const { body } = await api.get('/api/admin/audit?context=users&limit=100', admin);
    return body.items.filter(({ subject }: Json) => subject === id).map(({ action }: Json) => action);
  };

  it('is set up by who knows the password, and confirmed by a code', async () => {
    const { token, password } = await loggedIn();
    assert.deepEqual((await api.get(OWN, token)).body, { active: false, required: false, recoveryCodes: 0 });
    const wrong = await api.post(OWN, { password: 'not the password' }, token);
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, 'password']);
    assert.equal(
      outcome(await api.post(`${OWN}/confirm`, { code: '123456' }, token)),
      '404 second_factor_not_found',
    );
    const begun = await api.post(OWN, { password }, token);
    assert.equal(begun.headers.get('cache-control'), 'no-store');
    assert.equal(new URL(begun.body.otpauth).searchParams.get('secret'), begun.body.secret);
    const early = await api.post(`${OWN}/confirm`, { code: 'xxxxxx' }, token);
    assert.deepEqual([early.status, early.body.errors[0].path], [400, 'code']);
  });

  it('is asked for after the right password alone, and each code signs in once', async () => {
    const customer = await loggedIn();
    const { secret, code } = await setUp(api, customer.token, customer.password);
    assert.equal(
      outcome(await logIn({ ...customer, password: 'not the password' })),
      '401 invalid_credentials',
    );
    assert.equal(outcome(await logIn(customer)), '401 second_factor_required');
    assert.equal(outcome(await logIn(customer, code)), '401 invalid_code', 'it has confirmed the factor');
    const next = codeOf(secret, 'next');
    const { status, body } = await logIn(customer, next);
    assert.equal(status, 200);
    assert.deepEqual((await api.get(OWN, body.accessToken)).body, {
      active: true,
      required: false,
      recoveryCodes: 10,
    });
    assert.equal(outcome(await logIn(customer, next)), '401 invalid_code');
  });

  it('ends the other sessions when it is set up, and the one that did it goes on', async () => {
    const customer = await loggedIn();
    const { body: other } = await logIn(customer);
    await setUp(api, customer.token, customer.password);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken: other.refreshToken })).status, 401);
    assert.equal((await api.get('/api/users/me', other.accessToken)).status, 401);
    const { status, body } = await api.post('/api/auth/refresh', { refreshToken: customer.refreshToken });
    assert.equal(status, 200);
    assert.equal((await api.get('/api/users/me', body.accessToken)).status, 200);
  });

  it('has recovery codes, each good once, and their use is in the audit log', async () => {
    const customer = await loggedIn();
    const { recoveryCodes } = await setUp(api, customer.token, customer.password);
    const [first = '', second = ''] = recoveryCodes;
    assert.equal((await logIn(customer, first.toUpperCase().replaceAll('-', ' '))).status, 200);
    assert.equal(outcome(await logIn(customer, first)), '401 invalid_code');
    assert.equal((await logIn(customer, second)).status, 200);
    assert.deepEqual(
      (await auditOf(customer.id)).filter((act: string) => act !== 'login.failed').slice(0, 5),
      [
        'login.succeeded',
        'recovery_code.used',
        'login.succeeded',
        'recovery_code.used',
        'second_factor.added',
      ],
    );
  });

  it('counts wrong codes as failed logins, also for who has the password', async () => {
    const customer = await loggedIn();
    const { recoveryCodes } = await setUp(api, customer.token, customer.password);
    for (let failed = 0; failed < 3; failed += 1)
      assert.equal(outcome(await logIn(customer, 'none-of-the-codes')), '401 invalid_code');
    assert.equal(outcome(await logIn(customer, recoveryCodes[0])), '429 too_many_requests');
  });

  it('is removed by the password and a code, after which the password is enough', async () => {
    const customer = await loggedIn();
    const { recoveryCodes } = await setUp(api, customer.token, customer.password);
    const { password } = customer;
    const { body } = await logIn(customer, recoveryCodes[0]);
    const remove = (code: string, known = password) =>
      api.post(`${OWN}/remove`, { password: known, code }, body.accessToken);
    const [, used = '', good = ''] = recoveryCodes;
    assert.deepEqual((await remove('none-of-the-codes')).body.errors[0].path, 'code');
    assert.deepEqual((await remove(used, 'not the password')).body.errors[0].path, 'password');
    assert.equal((await remove(good)).status, 204);
    assert.equal((await logIn(customer)).status, 200);
  });

  it('is needed to erase the account', async () => {
    const { token, password, ...customer } = await loggedIn();
    const { recoveryCodes } = await setUp(api, token, password);
    const [code = '', other = ''] = recoveryCodes;
    const { body } = await logIn({ ...customer, password }, other);
    const erase = (proof: object) =>
      api.call('DELETE', '/api/users/me', { token: body.accessToken, body: { password, ...proof } });
    for (const proof of [{}, { code: '123456' }]) {
      const refused = await erase(proof);
      assert.deepEqual([refused.status, refused.body.errors?.[0]?.path], [400, 'code']);
    }
    assert.equal((await erase({ code })).status, 202);
  });

  it('that is lost is reset by an admin, which ends the sessions, and no admin resets their own', async () => {
    const customer = await loggedIn();
    const path = `/api/users/${customer.id}/second-factor`;
    assert.equal(outcome(await api.call('DELETE', path, { token: admin })), '404 second_factor_not_found');
    await setUp(api, customer.token, customer.password);
    const { refreshToken } = customer;
    assert.equal((await api.call('DELETE', path, { token: admin })).status, 204);
    assert.equal((await api.post('/api/auth/refresh', { refreshToken })).status, 401);
    assert.equal((await logIn(customer)).status, 200);
    assert.ok((await auditOf(customer.id)).includes('second_factor.reset'));
    const { id } = (await api.get('/api/users/me', admin)).body;
    const own = await api.call('DELETE', `/api/users/${id}/second-factor`, { token: admin });
    assert.equal(outcome(own), '403 forbidden');
  });

  it('a new password at the login is taken only where it must be changed', async () => {
    const { email, password } = await api.customer();
    const { status, body } = await api.post('/api/auth/login', {
      email,
      password,
      newPassword: 'the-password-of-tomorrow',
    });
    assert.deepEqual([status, body.errors[0].path], [400, 'newPassword']);
    assert.ok(await api.login(email, password));
  });
});

describe('A second factor that admins need', () => {
  let mailServer: MailServer;
  let shop: Shop;
  let api: Api;
  let admin: string;

  before(async () => {
    mailServer = await MailServer.start();
    const env = {
      ADMIN_SECOND_FACTOR: 'required',
      SMTP_URL: mailServer.url,
      PUBLIC_URL: 'https://shop.example',
    };
    shop = await Shop.start({ env });
    api = new Api(shop);
  });

  after(async () => {
    await shop?.close();
    await mailServer?.close();
  });

  const subjects = (to: string) =>
    mailServer.mails.filter((mail) => mail.to.includes(to)).map(({ subject }) => subject);

  it('keeps an admin from the routes of operators until it is set up, and no longer', async () => {
    const { body } = await api.post('/api/auth/login', ADMIN);
    const { accessToken, refreshToken } = body;
    for (const path of ['/api/users', '/api/admin/topology', '/api/admin/audit', '/api/inventory'])
      assert.equal(outcome(await api.get(path, accessToken)), '403 second_factor_not_set_up', path);
    assert.equal((await api.get(OWN, accessToken)).body.required, true);
    const { otpauth } = await setUp(api, accessToken, ADMIN.password);
    assert.equal(new URL(otpauth).searchParams.get('issuer'), 'shop.example');
    assert.equal((await api.get('/api/users/me', accessToken)).status, 401, 'its rights have changed');
    const renewed = await api.post('/api/auth/refresh', { refreshToken });
    for (const path of ['/api/users', '/api/admin/topology', '/api/admin/audit', '/api/inventory'])
      assert.equal((await api.get(path, renewed.body.accessToken)).status, 200, path);
    admin = renewed.body.accessToken;
    await until('the admin has a mail', () =>
      subjects(ADMIN.email).includes('Your account has a second factor now'),
    );
  });

  it('has each wrong code in the audit log', async () => {
    const customer = await api.customer();
    const { recoveryCodes } = await setUp(api, customer.token, customer.password);
    const { email, password } = customer;
    for (const code of ['none-of-the-codes', recoveryCodes[0]])
      await api.post('/api/auth/login', { email, password, code });
    const { body } = await api.get('/api/admin/audit?context=users&limit=100', admin);
    const reasons = body.items
      .filter(({ subject, action }: Json) => subject === customer.id && action === 'login.failed')
      .map(({ details }: Json) => details.reason);
    assert.deepEqual(reasons, ['invalid_code']);
  });

  it('keeps nobody else from anything', async () => {
    const customer = await api.customer();
    assert.equal((await api.get('/api/orders', customer.token)).status, 200);
    assert.equal(outcome(await api.get('/api/users', customer.token)), '403 forbidden');
  });

  it('stays when the password is reset by mail', async () => {
    assert.equal((await api.post('/api/auth/password-reset', { email: ADMIN.email })).status, 202);
    const token = await until('the mail has a token', () =>
      mailServer.mails
        .filter((mail) => mail.to.includes(ADMIN.email))
        .map((mail) => /reset=([\w-]+)/.exec(mail.text)?.[1])
        .find((found) => found !== undefined),
    );
    const password = 'the-password-of-tomorrow';
    assert.equal((await api.post('/api/auth/password-reset/confirm', { token, password })).status, 204);
    const answer = await api.post('/api/auth/login', { email: ADMIN.email, password });
    assert.equal(outcome(answer), '401 second_factor_required');
  });
});
