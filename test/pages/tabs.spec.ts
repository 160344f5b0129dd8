import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Customer } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

describe('Signing in over tabs', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let api: Api;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start(), openBrowser()]);
    api = new Api(shop);
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  beforeEach(async () => {
    context = await browser.newContext({ baseURL: shop.url });
    context.setDefaultTimeout(PATIENCE_MS);
  });

  afterEach(() => context?.close());

  async function open(path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  async function console(): Promise<Page> {
    const page = await open('/console');
    await signInAt(page, ADMIN);
    await heading(page, 'Topology');
    return page;
  }

  const heading = (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  /** A customer who sees their orders, in this many tabs. */
  async function customerIn(tabs: number): Promise<{ customer: Customer; pages: Page[] }> {
    const customer = await api.customer();
    const first = await open('/shop#/orders');
    await signInAt(first, customer);
    const pages = [first];
    while (pages.length < tabs) pages.push(await open('/shop#/orders'));
    for (const page of pages) await page.getByText('You have ordered nothing yet').waitFor();
    return { customer, pages };
  }

  const ended = (page: Page, text: string | RegExp): Promise<void> =>
    page.getByRole('status').getByText(text).waitFor();

  it('holds in another tab and over reloads of both, and scripts read no refresh token', async () => {
    const first = await console();
    const other = await open('/console#/audit');
    await heading(other, 'Audit log');
    // Both ask for another token at the same time, again and again.
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([first.reload(), other.reload()]);
      await Promise.all([heading(first, 'Topology'), heading(other, 'Audit log')]);
    }
    const readable = await first.evaluate(
      `JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])`,
    );
    const [cookie] = await context.cookies(`${shop.url}/api/auth/pages/console/refresh`);
    assert.ok(cookie?.httpOnly && cookie.sameSite === 'Strict', JSON.stringify(cookie));
    assert.ok(!String(readable).includes(cookie.value));
    assert.deepEqual(await context.cookies(`${shop.url}/console`), [], 'no other route gets it');
  });

  it('is left to each page: the shop knows nobody of the console', async () => {
    await console();
    const page = await open('/shop#/staff');
    await page.getByLabel('Email').waitFor();
    assert.equal(
      await page
        .getByRole('status')
        .getByText(/session/)
        .count(),
      0,
    );
  });

  it('ends in all tabs at once by signing out, and the others say so', async () => {
    const first = await console();
    const other = await open('/console#/audit');
    await heading(other, 'Audit log');
    await first.getByRole('button', { name: 'Sign out' }).click();
    await heading(other, 'Sign in');
    await ended(other, 'You have signed out in another tab.');
    assert.equal(await first.getByText('You have signed out in another tab.').count(), 0);
    await expectAccessible(other);
    await signInAt(other, ADMIN);
    await heading(other, 'Audit log');
    await heading(first, 'Topology');
  });

  const change = (page: Page): Promise<unknown> => page.getByRole('link', { name: 'Cart' }).click();
  const back = (page: Page): Promise<unknown> => page.getByRole('link', { name: 'My orders' }).click();

  it('says that an admin has ended it', async () => {
    const { customer, pages } = await customerIn(2);
    const admin = await api.admin();
    const { headers } = await api.get(`/api/users/${customer.id}`, admin);
    const { status } = await api.call('PATCH', `/api/users/${customer.id}`, {
      token: admin,
      body: { status: 'disabled' },
      headers: { 'if-match': headers.get('etag') ?? '' },
    });
    assert.equal(status, 200);
    for (const page of pages) {
      await change(page);
      await back(page);
      await ended(page, 'An admin has ended this session.');
    }
  });

  it('says that the password was changed', async () => {
    const { customer, pages } = await customerIn(1);
    const { status } = await api.post(
      '/api/users/me/password',
      { currentPassword: customer.password, newPassword: 'another one that nobody guesses' },
      customer.token,
    );
    assert.equal(status, 204);
    for (const page of pages) {
      await change(page);
      await back(page);
      await ended(page, /The password of the account was changed/);
    }
  });

  it('says that it was ended from another session', async () => {
    const { customer, pages } = await customerIn(1);
    assert.equal((await api.call('DELETE', '/api/users/me/sessions', { token: customer.token })).status, 204);
    for (const page of pages) {
      await change(page);
      await back(page);
      await ended(page, 'This session was ended from another one of yours.');
    }
  });

  it('says that it is gone when the browser has forgotten it', async () => {
    const page = await console();
    await context.clearCookies();
    await page.reload();
    await ended(page, /the browser was closed, or it has expired/);
  });
});
