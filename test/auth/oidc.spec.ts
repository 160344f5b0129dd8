import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { Program, startTestServer, until } from '@fissile/kit/testing';
import { Api } from '../harness/api.js';
import { Shop } from '../harness/shop.js';
import { ADMIN_PROGRAM, PLAIN_PROGRAM, RunningProvider } from './running-provider.js';
import { appProgram } from '../harness/app-program.js';

/** Only admins may read it, and the gateway itself answers. */
const OF_ADMINS = '/api/admin/topology';
/** A context answers: in another process than the gateway, where it is split. */
const OF_USERS = '/api/orders';

for (const topology of ['monolith', 'split']) {
  describe(`With an OpenID provider, the shop as ${topology}`, () => {
    let provider: RunningProvider;
    let shop: Shop;
    let api: Api;

    before(async () => {
      provider = await RunningProvider.start();
      shop = await Shop.start({ env: { ...provider.env, TOPOLOGY: topology } });
      api = new Api(shop);
    });

    after(async () => {
      await shop?.close();
      await provider?.goAway();
    });

    const statusOf = async (token: string, path = OF_USERS): Promise<number> =>
      (await api.get(path, token)).status;

    it('accepts its tokens in every process, with the roles that they are mapped to', async () => {
      const [admin, plain] = [await provider.tokenOf(ADMIN_PROGRAM), await provider.tokenOf(PLAIN_PROGRAM)];
      assert.deepEqual([await statusOf(admin), await statusOf(admin, OF_ADMINS)], [200, 200]);
      assert.deepEqual([await statusOf(plain), await statusOf(plain, OF_ADMINS)], [200, 403]);
    });

    it('lets its users order, for whom the id is the same each time', async () => {
      const productId = await api.product(await provider.tokenOf(ADMIN_PROGRAM), { stock: 5 });
      const placed = await api.placeOrder(await provider.tokenOf(PLAIN_PROGRAM), [
        { productId, quantity: 1 },
      ]);
      assert.equal(placed.body.status, 'confirmed', JSON.stringify(placed.body));
      const listed = await api.get(OF_USERS, await provider.tokenOf(PLAIN_PROGRAM));
      assert.deepEqual(
        listed.body.items.map(({ id }: { id: string }) => id),
        [placed.body.id],
      );
    });

    it('rejects tokens for others, of others, expired ones, and what is no access token', async () => {
      const now = Math.floor(Date.now() / 1000);
      assert.equal(await statusOf(await provider.sign({})), 200);
      assert.equal(await statusOf(await provider.tokenOf(ADMIN_PROGRAM, 'https://other.example')), 401);
      for (const claims of [{ aud: 'x' }, { iss: 'https://x.example' }, { exp: now - 60 }, { at_hash: 'x' }])
        assert.equal(await statusOf(await provider.sign(claims)), 401, JSON.stringify(claims));
      for (const header of [
        { typ: 'logout+jwt' },
        { jku: 'https://x.example' },
        { x5u: 'https://x.example' },
      ])
        assert.equal(await statusOf(await provider.sign({}, header)), 401, JSON.stringify(header));
    });

    it('rejects what is not signed by a key of the provider', async () => {
      const token = await provider.tokenOf(ADMIN_PROGRAM);
      const [header = '', payload = '', signature = ''] = token.split('.');
      const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
      const write = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const [head, claims] = [read(header), read(payload)];
      const foreign = await generateKeyPair('RS256');
      const jwks = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: JWK[] };
      const published = jwks.keys[0] as JWK;
      const key = (await importJWK(published, 'RS256')) as CryptoKey;
      const secrets = [await exportSPKI(key), JSON.stringify(published), published.n ?? ''];
      const forged = [
        `${write({ ...head, alg: 'none' })}.${payload}.`,
        `${header}.${write({ ...claims, realm_access: { roles: ['staff-admins', 'more'] } })}.${signature}`,
        await new SignJWT(claims).setProtectedHeader(head).sign(foreign.privateKey),
        ...(await Promise.all(
          secrets.map((secret) =>
            new SignJWT(claims).setProtectedHeader({ ...head, alg: 'HS256' }).sign(Buffer.from(secret)),
          ),
        )),
      ];
      for (const bad of forged) assert.equal(await statusOf(bad), 401, bad);
      assert.equal(await statusOf(token), 200);
    });

    it('accepts a token with many groups', async () => {
      const groups = Array.from({ length: 150 }, (_, index) => `a-group-with-a-long-name-${index}`);
      const token = await provider.sign({ groups });
      assert.ok(token.length > 5_000);
      assert.equal(await statusOf(token), 200);
    });

    it('accepts tokens of its own users too, and their sessions end as ever', async () => {
      const { token } = await api.customer();
      assert.equal(await statusOf(token), 200);
      assert.equal((await api.call('POST', '/api/auth/logout', { token })).status, 204);
      assert.equal(await statusOf(token), 401);
    });

    it('follows a change of keys, and forgets nothing while the provider is away', async () => {
      const old = await provider.tokenOf(PLAIN_PROGRAM);
      assert.equal(await statusOf(old), 200);
      await provider.changeKey();
      const young = await provider.tokenOf(PLAIN_PROGRAM);
      await until('a token of the new key is accepted', async () => (await statusOf(young)) === 200);
      await provider.changeKey();
      const youngest = await provider.tokenOf(PLAIN_PROGRAM);
      await provider.goAway();
      const { status, headers, body } = await until('the provider would have to be asked', async () => {
        const answer = await api.get(OF_USERS, youngest);
        return answer.status === 401 ? undefined : answer;
      });
      assert.deepEqual([status, body.code], [503, 'unavailable']);
      assert.ok(Number(headers.get('retry-after')) > 0);
      assert.equal(headers.get('www-authenticate'), null);
      assert.equal(await statusOf(young), 200, 'its key is known');
      await provider.comeBack();
      await until('it has recovered', async () => (await statusOf(youngest)) === 200);
    });
  });
}

describe('With an OpenID provider that is away, a shop', () => {
  it('starts, says 503 to its tokens, and accepts them once it is there', async () => {
    const provider = await RunningProvider.start();
    const token = await provider.tokenOf(ADMIN_PROGRAM);
    await provider.goAway();
    const shop = await Shop.start({ env: provider.env });
    try {
      const api = new Api(shop);
      assert.equal((await api.get(OF_ADMINS, token)).status, 503);
      assert.equal((await api.get('/api/products')).status, 200);
      assert.equal(
        (await api.get(OF_ADMINS, await api.admin())).status,
        200,
        'its own users need no provider',
      );
      assert.match((await api.get('/sign-in.json')).body.problem, /does not answer/);
      await provider.comeBack();
      await until('it has recovered', async () => (await api.get(OF_ADMINS, token)).status === 200);
      assert.equal((await api.get('/sign-in.json')).body.oidc.issuer, provider.issuer);
    } finally {
      await shop.close();
      await provider.goAway();
    }
  });

  it('accepts no tokens of its own users where it is told so', async () => {
    const provider = await RunningProvider.start();
    const shop = await Shop.start({ env: { ...provider.env, AUTH_OWN_TOKENS: 'false' } });
    try {
      const api = new Api(shop);
      assert.equal((await api.get(OF_ADMINS, await api.admin())).status, 401);
      assert.equal((await api.get(OF_ADMINS, await provider.tokenOf(ADMIN_PROGRAM))).status, 200);
      assert.equal((await api.get('/sign-in.json')).body.password, false);
    } finally {
      await shop.close();
      await provider.goAway();
    }
  });

  it('does not start with an address that is none, and says which setting it is', async () => {
    const server = await startTestServer();
    const env = {
      DATABASE_URL: server.url,
      PORT: '0',
      NODE_ENV: 'production',
      AUTH_ISSUER: 'http://id.example',
    };
    const program = new Program(appProgram('monolith'), env);
    try {
      assert.notEqual(await program.ends(), 0);
      assert.match(
        program.output,
        /AUTH_ISSUER \(environment\): expected an address .*https:\/\/ in production/,
      );
    } finally {
      await program.stop('SIGKILL');
      await server.stop();
    }
  });
});
