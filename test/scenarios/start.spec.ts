import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Api } from '../harness/api.js';
import { Shop } from '../harness/shop.js';
import { appProgram } from '../harness/app-program.js';
import { until } from '@fissile/kit/testing';

/** Runs the product until it exits by itself. */
function runToExit(env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', LOG_FORMAT: 'json', ...env };
    execFile(
      process.execPath,
      [appProgram('monolith')],
      { env: environment, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

describe('A start that cannot succeed', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-start-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('names all wrong settings at once, and none of their values', async () => {
    const { code, output } = await runToExit({
      PORT: 'eighty',
      THROTTLE_RATE: '-3',
      DATABASE_URL: 'mysql://root:s3cret@db/x',
      LOG_LEVEL: 'loud',
      PAYMENT_PROVIDER: 'stripe',
      DATA_DIR: folder,
    });
    assert.equal(code, 1);
    for (const name of ['PORT', 'THROTTLE_RATE', 'DATABASE_URL', 'LOG_LEVEL', 'STRIPE_SECRET_KEY']) {
      assert.match(output, new RegExp(`- ${name} \\(`), name);
    }
    assert.doesNotMatch(output, /s3cret|eighty|loud| at /);
  });

  it('names all that is refused in production at once: the sandbox by default, an unused or unprotected key, weak secrets', async () => {
    const production = { NODE_ENV: 'production', PORT: '0', DATA_DIR: folder };
    const { code, output } = await runToExit({
      ...production,
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_API_URL: 'http://api.stripe.example',
      AUTH_KEY_SECRET: 'secret-secret-secret-secret-secret',
      ADMIN_PASSWORD: 'correct horse battery staple',
    });
    assert.equal(code, 1);
    for (const refused of [
      /- PAYMENT_PROVIDER \(not set\): expected stripe, or sandbox said explicitly/,
      /- STRIPE_SECRET_KEY: nothing uses it/,
      /- STRIPE_API_URL: expected an address that starts with https:\/\//,
      /- AUTH_KEY_SECRET: expected random text/,
      /- ADMIN_PASSWORD: expected a password of your own/,
    ]) {
      assert.match(output, refused);
    }
    assert.doesNotMatch(output, /sk_test_x|secret-secret|battery/);
    const stripe = { PAYMENT_PROVIDER: 'stripe', STRIPE_SECRET_KEY: 'sk_test_x', PORT: 'eighty' };
    const unheard = await runToExit({ ...production, ...stripe });
    assert.match(unheard.output, /- STRIPE_WEBHOOK_SECRET \(not set\): expected the secret of the webhook/);
    const polled = await runToExit({ ...production, ...stripe, STRIPE_WEBHOOKS: 'off' });
    assert.doesNotMatch(polled.output, /STRIPE_WEBHOOK/);
    // The sandbox by name is a choice: what remains is the port.
    const named = await runToExit({ ...production, PAYMENT_PROVIDER: 'sandbox', PORT: 'eighty' });
    assert.doesNotMatch(named.output, /PAYMENT_PROVIDER/);
  });

  it('says that the port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => holder.once('listening', listening));
    const { port } = holder.address() as AddressInfo;
    const { code, output } = await runToExit({ PORT: String(port), DATA_DIR: folder });
    holder.close();
    assert.equal(code, 1);
    assert.match(output, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken`));
    assert.doesNotMatch(output, / at .*\.js/);
  });

  it('says that the data folder cannot be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, output } = await runToExit({ PORT: '0', DATA_DIR: join(file, 'data') });
    assert.equal(code, 1);
    assert.match(output, /The data folder .*a-file\/data cannot be written/);
    assert.doesNotMatch(output, / at .*\.js/);
  });

  it('says that the database cannot be reached, without its password', async () => {
    const { code, output } = await runToExit({
      PORT: '0',
      DATABASE_URL: 'postgres://me:s3cret@127.0.0.1:1',
      DATA_DIR: folder,
    });
    assert.equal(code, 1);
    assert.match(output, /database fissile_\w+ on 127\.0\.0\.1:1 cannot be opened/);
    assert.doesNotMatch(output, /s3cret| at .*\.js/);
  });
});

describe('The first start', () => {
  let shop: Shop;

  before(async () => {
    const env = { ADMIN_EMAIL: '', ADMIN_PASSWORD: '', LOG_FORMAT: 'pretty', LOG_LEVEL: 'info' };
    shop = await Shop.start({ env, newDatabases: true });
  });

  after(() => shop.close());

  it('shows a developer each request, and nothing that machines ask for', async () => {
    const api = new Api(shop);
    assert.equal((await api.get('/health')).status, 200);
    assert.equal((await api.get('/api/products')).status, 200);
    await until('the request is shown', () => /INFO.* GET \/api\/products 200 \d+ ms/.test(shop.output));
    assert.doesNotMatch(shop.output, /GET \/health/);
  });

  it("makes up the admin's password, prints it once, and asks for another at the first sign-in", async () => {
    const { email, password } = JSON.parse(shop.readDataFile('admin-credentials.json')) as {
      email: string;
      password: string;
    };
    assert.ok(shop.output.includes(password));
    const api = new Api(shop);
    const logIn = (credentials: object) => api.post('/api/auth/login', { email, password, ...credentials });
    const first = await logIn({});
    assert.equal(`${first.status} ${first.body.code}`, '403 password_change_required');
    const guess = await logIn({ password: 'not the password', newPassword: 'the-password-of-tomorrow' });
    assert.equal(`${guess.status} ${guess.body.code}`, '401 invalid_credentials');
    for (const newPassword of [password, 'passwordpassword', 'short']) {
      const refused = await logIn({ newPassword });
      assert.deepEqual([refused.status, refused.body.errors[0].path], [400, 'newPassword']);
    }
    const { status, body } = await logIn({ newPassword: 'the-password-of-tomorrow' });
    assert.equal(status, 200);
    const { items } = (await api.get('/api/admin/audit?context=users', body.accessToken)).body;
    assert.deepEqual(
      items.slice(0, 2).map(({ action }: { action: string }) => action),
      ['login.succeeded', 'password.changed'],
    );
    assert.ok(await api.login(email, 'the-password-of-tomorrow'));
    assert.equal((await logIn({})).status, 401);
    await shop.stop();
    const before = shop.output.length;
    await shop.run();
    assert.ok(!shop.output.slice(before).includes(password), 'the second start does not print it again');
  });
});
