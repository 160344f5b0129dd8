import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { ALLOWED_ORIGIN, type ProbedShop, type Received } from './probed-shop.js';

const PATH = '/api/auth/pages/shop';
/** A form of another site cannot send it. */
const FROM_SCRIPT = { 'x-requested-with': 'fetch' };

export function probePageSessions(shop: () => ProbedShop): void {
  const post = (action: string, headers: Record<string, string>, body?: unknown): Promise<Received> =>
    shop().send({ method: 'POST', path: `${PATH}/${action}`, headers, body });

  /** A new customer, signed in at the page. */
  async function signIn(headers = {}): Promise<{ received: Received; cookie: string; token: string }> {
    const { email, password } = await shop().api.customer();
    const received = await post('login', { ...FROM_SCRIPT, ...headers }, { email, password });
    assert.equal(received.status, 200, received.text);
    return { received, cookie: setCookieOf(received), token: received.body.accessToken };
  }

  const pairOf = (cookie: string): string => cookie.split(';')[0] ?? '';

  const isSignedIn = async (token: string): Promise<boolean> =>
    (await shop().send({ path: '/api/users/me', token })).status === 200;

  it('the browser alone has the refresh token, for the routes of one page and no other site', async () => {
    const { received, cookie } = await signIn();
    assert.equal(received.body.refreshToken, undefined);
    assert.match(
      cookie,
      /^fissile-session=[\w-]{20,}; Path=\/api\/auth\/pages\/shop; HttpOnly; SameSite=Strict$/,
    );
    const refreshToken = pairOf(cookie).split('=')[1] ?? '';
    assert.ok(!received.text.includes(refreshToken));
    assert.equal(received.headers['cache-control'], 'no-store');
  });

  it('the cookie of a page that came by https is never sent in the open', async () => {
    const host = new URL(shop().shop.url).host;
    const { cookie } = await signIn({ origin: `https://${host}` });
    assert.match(cookie, /^__Secure-fissile-session=.*; HttpOnly; SameSite=Strict; Secure$/);
  });

  it('refuses what a form of another site could send, and what a script of another origin sends', async () => {
    const { cookie, token } = await signIn();
    const sent = { cookie: pairOf(cookie) };
    const foreign: Record<string, string>[] = [
      {},
      { ...FROM_SCRIPT, origin: 'https://evil.example' },
      { ...FROM_SCRIPT, origin: 'null' },
      { ...FROM_SCRIPT, origin: ALLOWED_ORIGIN },
      { ...FROM_SCRIPT, 'sec-fetch-site': 'cross-site' },
      { ...FROM_SCRIPT, 'sec-fetch-site': 'same-site' },
      { ...FROM_SCRIPT, 'sec-fetch-site': 'none' },
      { ...FROM_SCRIPT, origin: shop().shop.url, 'sec-fetch-site': 'cross-site' },
    ];
    const { email, password } = shop().alice;
    for (const headers of foreign)
      for (const action of ['login', 'refresh', 'revoke', 'sign-in-link']) {
        const body = { login: { email, password }, 'sign-in-link': { token: 'none' } }[action];
        const {
          status,
          body: problem,
          headers: answered,
        } = await post(action, { ...headers, ...sent }, body);
        assert.deepEqual([status, problem.code], [403, 'forbidden'], `${action} ${JSON.stringify(headers)}`);
        assert.equal(answered['set-cookie'], undefined);
      }
    assert.ok(await isSignedIn(token), 'nothing has ended the session');
    const own = { ...FROM_SCRIPT, ...sent, origin: shop().shop.url, 'sec-fetch-site': 'same-origin' };
    assert.equal((await post('refresh', own)).status, 200);
  });

  it('no origin is told that it may send the header or the cookie', async () => {
    for (const origin of [ALLOWED_ORIGIN, 'https://evil.example']) {
      const { headers } = await shop().send({
        method: 'OPTIONS',
        path: `${PATH}/refresh`,
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-requested-with',
        },
      });
      assert.equal(headers['access-control-allow-credentials'], undefined, origin);
    }
  });

  it('signs nobody in by the cookie but at its own routes', async () => {
    const { cookie } = await signIn();
    for (const path of ['/api/users/me', '/api/orders', '/api/admin/topology']) {
      assert.equal(
        (await shop().send({ path, headers: { ...FROM_SCRIPT, cookie: pairOf(cookie) } })).status,
        401,
      );
    }
  });

  it('each refresh gives another cookie, and a former one that comes later ends the session', async () => {
    const { cookie: first, token } = await signIn();
    const refresh = (cookie: string) => post('refresh', { ...FROM_SCRIPT, cookie: pairOf(cookie) });
    const [one, other] = [await refresh(first), await refresh(first)];
    assert.equal(setCookieOf(one), setCookieOf(other), 'two tabs at once');
    const third = setCookieOf(await refresh(setCookieOf(one)));
    assert.notEqual(third, setCookieOf(one));
    const stolen = await refresh(first);
    assert.deepEqual([stolen.status, stolen.body.details.reason], [401, 'reused']);
    assert.match(setCookieOf(stolen), /=; .*Max-Age=0$/);
    assert.equal(await isSignedIn(token), false);
    assert.equal((await refresh(third)).body.details.reason, 'reused');
  });

  it('ends the session by signing out, and by signing in again', async () => {
    const { cookie, token } = await signIn();
    const out = await post('revoke', { ...FROM_SCRIPT, cookie: pairOf(cookie) });
    assert.equal(out.status, 204);
    assert.match(setCookieOf(out), /^fissile-session=; Path=.*; Max-Age=0$/);
    assert.equal(await isSignedIn(token), false);
    const former = await signIn();
    await signIn({ cookie: pairOf(former.cookie) });
    assert.equal(await isSignedIn(former.token), false);
  });

  it('takes no page that would change where the cookie goes', async () => {
    for (const page of [
      '%2e%2e',
      'a%3B%20Domain=evil.example',
      'a%0d%0aSet-Cookie:x=1',
      'A'.repeat(40),
      '%2f',
    ]) {
      const path = `/api/auth/pages/${page}/refresh`;
      const { status, headers } = await shop().send({ method: 'POST', path, headers: FROM_SCRIPT });
      assert.ok(status === 400 || status === 404, `${page}: ${status}`);
      assert.equal(headers['set-cookie'], undefined, page);
    }
    const cookie = `fissile-session=${randomUUID()}`;
    assert.equal((await post('refresh', { ...FROM_SCRIPT, cookie })).body.details.reason, 'unknown');
  });
}

function setCookieOf({ headers }: Received): string {
  const cookies = headers['set-cookie'];
  assert.ok(Array.isArray(cookies) && cookies.length === 1, String(cookies));
  return cookies[0] ?? '';
}
