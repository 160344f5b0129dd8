import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { claimFreePort } from '@fissile/kit/host';
import { until } from '@fissile/kit/testing';
import { Api, type Json } from '../harness/api.js';
import { Shop } from '../harness/shop.js';

const PATH = '/api/auth/sign-in-link';

/** An address of this machine that is not loopback, which others would see too. */
function publicAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/** What the last of so many starts has shown. */
async function newestToken(shop: Shop, starts = 1): Promise<string> {
  const shown = () => [...shop.output.matchAll(/#sign-in=(\S+)\n/g)];
  await until('the link is shown', () => shown().length === starts);
  return shown().at(-1)?.[1] ?? '';
}

async function storedTokens({ databaseServerUrl, databasePrefix }: Shop): Promise<Buffer[]> {
  const url = new URL(databaseServerUrl);
  url.pathname = `/${databasePrefix}_users`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT token_hash FROM account_tokens');
    return rows.map(({ token_hash }) => token_hash);
  } finally {
    await client.end();
  }
}

async function restart(shop: Shop): Promise<void> {
  await shop.stop();
  await shop.run();
}

describe('The link that signs in at the console', () => {
  let shop: Shop;
  let api: Api;

  before(async () => {
    shop = await Shop.start({ env: { HOST: '0.0.0.0', TRUST_PROXY: 'true' } });
    api = new Api(shop);
  });
  after(() => shop?.close());

  const token = (): Promise<string> => newestToken(shop);

  const send = (body: Json, headers: Record<string, string> = {}, origin = shop.url) =>
    fetch(new URL(PATH, origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }).then(async (response) => ({ status: response.status, body: (await response.json()) as Json }));

  it('is refused to whoever has not the token', async () => {
    for (const wrong of ['', 'none', (await token()).slice(1), `${await token()}A`]) {
      const { status, body } = await send({ token: wrong });
      assert.equal(status, 400, JSON.stringify(body));
      assert.equal(body.accessToken, undefined);
    }
  });

  it('is refused to what comes through a proxy, whatever that says', async () => {
    const headers = [
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { 'x-real-ip': '127.0.0.1' },
      { via: '1.1 proxy' },
      { 'x-forwarded-for': '127.0.0.1', 'x-fissile-direct': '1' },
    ] as const;
    for (const sent of headers) {
      const { status, body } = await send({ token: await token() }, sent);
      assert.equal(status, 403, JSON.stringify(sent));
      assert.equal(body.code, 'forbidden');
    }
  });

  it('is refused to other machines', async (test) => {
    const address = publicAddress();
    if (address === undefined) return test.skip('this machine has no other address');
    const origin = new URL(shop.url);
    origin.hostname = address;
    const marked: Record<string, string> = { 'x-fissile-direct': '1' };
    for (const headers of [{}, marked]) {
      const { status, body } = await send({ token: await token() }, headers, origin.href);
      assert.equal(status, 403, JSON.stringify(body));
    }
  });

  it('is not used up by what only looks at it', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status } = await fetch(new URL(`${PATH}?token=${await token()}`, shop.url), { method });
      assert.ok([404, 405].includes(status), `${method}: ${status}`);
    }
  });

  it('signs the admin in once, and says so to whoever comes later', async () => {
    const { status, body } = await send({ token: await token() });
    assert.equal(status, 200);
    const { body: me } = await api.get('/api/users/me', body.accessToken);
    assert.deepEqual(me.roles, ['admin']);
    const again = await send({ token: await token() });
    assert.equal(again.status, 400);
    assert.match(again.body.detail, /^The link was used, or has expired/);
    const { body: audit } = await api.get('/api/admin/audit?limit=100', body.accessToken);
    const actions = audit.items.map(({ action }: Json) => action);
    for (const action of ['sign_in_link.used', 'sign_in_link.refused', 'login.succeeded']) {
      assert.ok(actions.includes(action), action);
    }
  });

  it('is made anew by the next start, and leaves nothing in the database that would do in its place', async () => {
    const before = await token();
    await restart(shop);
    const next = await newestToken(shop, 2);
    assert.notEqual(next, before);
    const stored = await storedTokens(shop);
    assert.equal(stored.length, 1);
    for (const hash of stored) assert.equal((await send({ token: hash.toString('base64url') })).status, 400);
    assert.equal((await send({ token: next })).status, 200);
  });
});

describe('The link, where it would get round something', () => {
  it('is not made in production, and no token is taken there', async () => {
    const env = {
      NODE_ENV: 'production',
      PORT: String(await claimFreePort()),
      AUTH_KEY_SECRET: randomBytes(32).toString('hex'),
      INTERNAL_AUTH_SECRET: randomBytes(32).toString('hex'),
      ADMIN_PASSWORD: randomBytes(15).toString('base64url'),
      PAYMENT_PROVIDER: 'sandbox',
    };
    const shop = await Shop.start({ env });
    try {
      assert.doesNotMatch(shop.output, /sign-in=/);
      const { status, body } = await new Api(shop).post(PATH, { token: 'none' });
      assert.equal(status, 404, JSON.stringify(body));
    } finally {
      await shop.close();
    }
  });

  it('is not made for an admin who needs a second factor', async () => {
    const shop = await Shop.start({ env: { ADMIN_SECOND_FACTOR: 'required' } });
    try {
      // Another start, so that all of the first one's output is there.
      await restart(shop);
      assert.doesNotMatch(shop.output, /sign-in=/);
    } finally {
      await shop.close();
    }
  });

  it('leaves a generated password one that must be replaced', async () => {
    const shop = await Shop.start({ env: { ADMIN_EMAIL: '', ADMIN_PASSWORD: '' } });
    try {
      const token = await newestToken(shop);
      const api = new Api(shop);
      assert.equal((await api.post(PATH, { token })).status, 200);
      const [, email, password] = /first admin: (\S+) with the password (\S+)/.exec(shop.output) ?? [];
      const { status, body } = await api.post('/api/auth/login', { email, password });
      assert.equal(status, 403);
      assert.equal(body.code, 'password_change_required');
    } finally {
      await shop.close();
    }
  });
});
