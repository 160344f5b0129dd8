import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { Shop } from '../harness/shop.js';

describe('The shop', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let api: Api;
  /** Products by how many of them there are; the newest comes first in the catalogue. */
  const products = { many: '', few: '', none: '' };

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start(), openBrowser()]);
    api = new Api(shop);
    const admin = await api.admin();
    products.many = await api.product(admin, { stock: 500 });
    products.few = await api.product(admin, { stock: 3 });
    products.none = await api.product(admin, { stock: 0 });
    context = await browser.newContext({ baseURL: shop.url, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const nameOf = async (id: string): Promise<string> => (await api.get(`/api/products/${id}`)).body.name;

  async function fillRegistration(email: string, password: string, again = password): Promise<void> {
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password again').fill(again);
    await page.getByRole('button', { name: 'Make the account' }).click();
  }

  it('shows a visitor what is in stock first, and offers nothing that is sold out', async () => {
    await page.goto('/shop#/');
    const cards = page.locator('.product');
    await cards.getByText('Sold out').waitFor();
    assert.deepEqual(await cards.locator('.stock').allTextContents(), [
      'Only 3 left',
      'In stock',
      'Sold out',
    ]);
    const soldOut = page.getByRole('button', { name: `Add ${await nameOf(products.none)} to the cart` });
    assert.ok(await soldOut.isDisabled());
    await expectAccessible(page);
  });

  it('makes an account, says what is wrong with one, and signs in with it', async () => {
    const password = `the password of ${randomUUID()}`;
    const email = `${randomUUID()}@customers.example`;
    await page.goto('/shop#/orders');
    await page.getByRole('button', { name: 'Make an account' }).click();
    await expectAccessible(page);
    const alert = page.getByRole('alert');
    await fillRegistration(email, password, 'another');
    await alert.getByText('The passwords are not the same').waitFor();
    await fillRegistration(email, 'short');
    await alert.getByText('password: expected at least 12 characters, 5 sent').waitFor();
    await expectAccessible(page);
    await fillRegistration((await api.customer()).email, password);
    await alert.getByText('The email belongs to an account already').waitFor();
    await fillRegistration(email, password);
    await page.getByText('You have ordered nothing yet').waitFor();
    assert.equal((await api.post('/api/auth/login', { email, password })).status, 200);
  });

  it('takes no more into the cart than there is, and says so', async () => {
    await page.getByRole('link', { name: 'Catalogue' }).click();
    const name = await nameOf(products.few);
    const add = page.getByRole('button', { name: `Add ${name} to the cart` });
    for (let added = 0; added < 3; added += 1) await add.click();
    await add.click();
    await page.getByText(`All 3 of ${name} that are left are in the cart.`).waitFor();
    await page.getByRole('link', { name: 'Cart (3)' }).click();
    await page.getByText('Only 3 left').waitFor();
    const quantity = page.getByLabel(`Quantity of ${name}`);
    await quantity.fill('7');
    await quantity.blur();
    await page.getByText(`Only 3 of ${name} are left.`).waitFor();
    assert.equal(await quantity.inputValue(), '3');
    await expectAccessible(page);
  });

  it('refuses to order what was sold meanwhile', async () => {
    const other = await api.customer();
    const { body } = await api.placeOrder(other.token, [{ productId: products.few, quantity: 1 }]);
    await api.orderAtRest(body.id, other.token);
    await page.reload();
    await page
      .getByRole('alert')
      .getByText(/^Only 2 of .* are left: order fewer\.$/)
      .waitFor();
    const order = page.getByRole('button', { name: 'Order', exact: true });
    assert.ok(await order.isDisabled());
    await expectAccessible(page);
    const quantity = page.getByLabel(`Quantity of ${await nameOf(products.few)}`);
    await quantity.fill('2');
    await quantity.blur();
    await order.click();
    await page.getByText('The order is paid and confirmed.').waitFor();
  });

  it('never leaves the page of an order blank: while it is read, without an answer, and for none', async () => {
    const address = page.url();
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/orders/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await page.getByText('The order is being read…').waitFor();
    await expectAccessible(page);
    answer();
    await page.getByText('The order is paid and confirmed.').waitFor();
    await page.unroute('**/api/orders/**');
    await page.route('**/api/orders/**', (route) => route.abort());
    await page.reload();
    await page
      .getByRole('alert')
      .getByText('We cannot be reached just now. Try again in a moment.')
      .waitFor();
    await expectAccessible(page);
    await page.unroute('**/api/orders/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The order is paid and confirmed.').waitFor();
    for (const id of [randomUUID(), 'none']) {
      await page.goto(address.replace(/[^/]+$/, id));
      await page.getByText('You have no such order.').waitFor();
    }
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Make an account' }).waitFor();
  });

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/shop#/', '/shop#/cart', '/shop#/orders']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path);
    }
  });
});
