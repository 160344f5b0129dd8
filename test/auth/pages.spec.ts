import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { RunningProvider } from './running-provider.js';
import { signInAt } from '../harness/sign-in-form.js';

const SESSION = 'fissile.console';

describe('The pages with an OpenID provider', { skip: !hasBrowser() }, () => {
  let provider: RunningProvider;
  let shop: Shop;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    provider = await RunningProvider.start();
    [shop, browser] = await Promise.all([Shop.start({ env: provider.env }), openBrowser()]);
    await provider.allow(shop.url);
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
    await provider?.goAway();
  });

  beforeEach(async () => {
    // Another person each time: neither the shop nor the provider knows this browser.
    const context = await browser.newContext({ baseURL: shop.url });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
  });

  const heading = (name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();

  const start = (): Promise<void> => page.getByRole('button', { name: /^Sign in with 127/ }).click();

  async function signInAs(name: string): Promise<void> {
    await start();
    await page.locator('input[name=login]').fill(name);
    await page.locator('input[name=password]').fill('whatever');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  const kept = (key: string): Promise<string | null> =>
    page.evaluate(`sessionStorage.getItem(${JSON.stringify(key)})`);

  const spoil = (key: string): Promise<unknown> =>
    page.evaluate(`const tokens = JSON.parse(sessionStorage.getItem('${key}'));
      sessionStorage.setItem('${key}', JSON.stringify({ ...tokens, accessToken: 'spoilt' }))`);

  it('lets an admin in, and back to the page that was asked for', async () => {
    const asked: URL[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(`${provider.issuer}/auth?`)) asked.push(new URL(request.url()));
    });
    await page.goto('/console#/settings');
    await signInAs('admin-ann');
    await heading('Settings');
    await page.getByRole('row', { name: /AUTH_ISSUER/ }).waitFor();
    const query = asked[0]?.searchParams;
    assert.equal(query?.get('response_type'), 'code');
    assert.equal(query?.get('code_challenge_method'), 'S256');
    assert.equal(query?.has('client_secret'), false);
    assert.equal(page.url(), `${shop.url}/console#/settings`, 'the code is gone from the address');
    assert.equal(await kept('fissile.console.pending'), null);
    assert.deepEqual(complaints, []);
  });

  it('renews a token that is refused, by the provider', async () => {
    await page.goto('/console');
    await signInAs('admin-ann');
    await heading('Topology');
    await spoil(SESSION);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await until('there is another token', async () => !/spoilt/.test((await kept(SESSION)) ?? 'spoilt'));
    await heading('Audit log');
  });

  it('signs out here and at the provider', async () => {
    await page.goto('/console');
    await signInAs('admin-ann');
    await heading('Topology');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /sign me out/i }).click();
    await heading('Sign in');
    const toProduct = sent.filter((path) => path.startsWith('/api/auth/'));
    assert.deepEqual(toProduct, [], 'the tokens of the provider are not the product’s to end');
    assert.equal(await kept(SESSION), null);
    assert.equal(await kept('fissile.console.provider'), null);
  });

  it('lets nobody in who is no admin', async () => {
    await page.goto('/console');
    await signInAs('reader-rob');
    await page.getByText('This account is not an admin’s.').waitFor();
    assert.equal(await kept(SESSION), null);
  });

  it('rejects an answer to an authorization request that it has not made', async () => {
    await page.goto('/console');
    await page.goto('/console?code=stolen&state=guessed');
    await page.getByText(/not begun here/).waitFor();
    assert.equal(page.url(), `${shop.url}/console`);
    // A state of its own, as somebody would need who sends a link with a code of theirs.
    await start();
    await page.locator('input[name=login]').waitFor();
    await page.goto('/console?code=stolen&state=guessed');
    await page.getByText(/not begun here/).waitFor();
    assert.equal(await kept(SESSION), null);
  });

  it('rejects an ID token that was made for another sign-in', async () => {
    await page.route(`${provider.issuer}/token`, async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { id_token: string };
      const [header, payload = '', signature] = answer.id_token.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const other = Buffer.from(JSON.stringify({ ...claims, nonce: 'other' })).toString('base64url');
      await route.fulfill({ response, json: { ...answer, id_token: `${header}.${other}.${signature}` } });
    });
    await page.goto('/console');
    await signInAs('admin-ann');
    await page.getByText(/not meant for this sign-in/).waitFor();
    assert.equal(await kept(SESSION), null);
  });

  it('tells why the provider has sent somebody back', async () => {
    await page.goto('/console');
    await start();
    await page.locator('input[name=login]').waitFor();
    await page.getByText('[ Cancel ]').click();
    await page.getByText(/aborted/i).waitFor();
  });

  it('lets customers in at the storefront, and back to the page that was asked for', async () => {
    await page.goto('/shop#/orders');
    await signInAs('reader-rob');
    await heading('My orders');
    assert.equal(page.url(), `${shop.url}/shop#/orders`, 'the code is gone from the address');
    assert.equal(await kept('fissile.shop.pending'), null);
    assert.equal(await kept(SESSION), null, 'the console has a session of its own');
    await page.getByText('You have ordered nothing yet').waitFor();
    await spoil('fissile.shop');
    await page.reload();
    await until(
      'there is another token',
      async () => !/spoilt/.test((await kept('fissile.shop')) ?? 'spoilt'),
    );
    await heading('My orders');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /sign me out/i }).click();
    await heading('Catalogue');
    assert.equal(new URL(page.url()).pathname, '/shop');
    assert.equal(await kept('fissile.shop'), null);
    assert.equal(await kept('fissile.shop.provider'), null);
    assert.deepEqual(complaints, []);
  });

  it('deletes what is kept of customers who have no account, without a password', async () => {
    await page.goto('/shop#/orders');
    await signInAs('reader-ada');
    await heading('My orders');
    await page.goto('/account');
    await page.getByText(/have no account here/).waitFor();
    assert.equal(await page.getByLabel('Password').count(), 0);
    assert.equal(await page.getByRole('heading', { name: 'Second factor' }).count(), 0);
    await page.getByLabel('I know that there is no way back').check();
    const answer = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.getByRole('button', { name: 'Delete my data' }).click();
    assert.equal((await answer).status(), 202);
    await page.getByRole('button', { name: /sign me out/i }).click();
    await until('they are back', () => page.url() === `${shop.url}/account`);
    assert.equal(await kept('fissile.shop'), null);
    assert.deepEqual(complaints, []);
  });

  it('tells at the storefront that an answer is to no request of it', async () => {
    await page.goto('/shop?code=stolen&state=guessed');
    await page.getByText(/not begun here/).waitFor();
    assert.equal(page.url(), `${shop.url}/shop`);
    assert.equal(await kept('fissile.shop'), null);
    await page.getByRole('button', { name: 'Go on as a visitor' }).waitFor();
  });

  it('still takes the passwords of the product’s own users', async () => {
    await page.goto('/console');
    await signInAt(page, ADMIN);
    await heading('Topology');
  });
});
