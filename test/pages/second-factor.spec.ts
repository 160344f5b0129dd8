import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Customer } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { Shop } from '../harness/shop.js';

const PASSWORD = 'the-password-of-tomorrow';

describe('The pages and second factors', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;
  let page: Page;
  let customer: Customer;
  let recoveryCodes: string[];
  const complaints: string[] = [];

  before(async () => {
    const env = { ADMIN_EMAIL: '', ADMIN_PASSWORD: '', ADMIN_SECOND_FACTOR: 'required' };
    [shop, browser] = await Promise.all([Shop.start({ env }), openBrowser()]);
    customer = await new Api(shop).customer();
    const context = await browser.newContext({ baseURL: shop.url, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const heading = (name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();
  const fill = (label: string, text: string): Promise<void> =>
    page.getByLabel(label, { exact: true }).fill(text);
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const says = (text: string | RegExp): Promise<void> =>
    page.getByRole('alert').getByText(text).first().waitFor();

  async function signIn(email: string, password: string): Promise<void> {
    await fill('Email', email);
    await fill('Password', password);
    await press('Sign in');
  }

  /** Types what an app shows that has the key of the page, and keeps the recovery codes. */
  async function confirm(): Promise<void> {
    await page.getByLabel('Code that the app shows').waitFor();
    await expectAccessible(page);
    const key = (await page.locator('code').textContent()) ?? '';
    const uri = await page.getByRole('link', { name: 'open an app' }).getAttribute('href');
    assert.ok(uri?.startsWith('otpauth://totp/'));
    await fill('Code that the app shows', 'no code');
    await press('Confirm');
    await says(/code/);
    const secret = Secret.fromBase32(key.replaceAll(' ', ''));
    await fill('Code that the app shows', new TOTP({ secret }).generate());
    await press('Confirm');
    const list = page.getByRole('region', { name: 'Recovery codes' });
    await list.waitFor();
    await expectAccessible(page);
    recoveryCodes = await list.locator('code').allTextContents();
    assert.equal(recoveryCodes.length, 10);
    await press('I have kept them');
  }

  it('the console has the generated password changed, and the second factor set up, before it lets an admin in', async () => {
    const { email, password } = JSON.parse(shop.readDataFile('admin-credentials.json')) as {
      email: string;
      password: string;
    };
    await page.goto('/console');
    await signIn(email, password);
    await fill('New password', PASSWORD);
    assert.equal(await page.evaluate('document.activeElement.name'), 'newPassword');
    await fill('New password again', `${PASSWORD}, or not`);
    await press('Sign in');
    await says('not the same');
    await expectAccessible(page);
    await fill('New password again', PASSWORD);
    await press('Sign in');
    await confirm();
    await heading(/Topology/);
    await page.getByText('gateway').first().waitFor();
    await page.reload();
    await heading(/Topology/);
    await press('Sign out');
  });

  it('the console asks an admin for the code', async () => {
    const { email } = JSON.parse(shop.readDataFile('admin-credentials.json')) as { email: string };
    await page.goto('/console');
    await signIn(email, PASSWORD);
    await page.getByLabel('Code', { exact: true }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.name'), 'code');
    await expectAccessible(page);
    await fill('Code', 'none of the codes');
    await press('Sign in');
    await says(/wrong or used/);
    await fill('Code', recoveryCodes[0] ?? '');
    await press('Sign in');
    await heading(/Topology/);
    await press('Sign out');
  });

  it('a customer sets a factor up, signs in with it, and removes it', async () => {
    const { email, password } = customer;
    const own = page.getByRole('region', { name: 'Second factor' });
    const fillOwn = (label: string, text: string) => own.getByLabel(label, { exact: true }).fill(text);
    await page.goto('/shop#/orders');
    await signIn(email, password);
    await page.getByRole('link', { name: 'Your account' }).click();
    await heading('Your account');
    await page.getByText('Your password is enough').waitFor();
    await expectAccessible(page);
    await fillOwn('Password', 'not the password');
    await press('Set up a second factor');
    await says(/expected the password/);
    await fillOwn('Password', password);
    await press('Set up a second factor');
    await confirm();
    await page.getByText('10 recovery codes are left').waitFor();
    await expectAccessible(page);
    await press('Sign out');
    await page.goto('/shop#/orders');
    await signIn(email, password);
    await fill('Code', recoveryCodes[0] ?? '');
    await press('Sign in');
    await page.getByRole('link', { name: 'Your account' }).click();
    await page.getByText('9 recovery codes are left').waitFor();
    await fillOwn('Password', password);
    await fillOwn('Code, or a recovery code', recoveryCodes[1] ?? '');
    await press('Go on');
    const renewed = page.getByRole('region', { name: 'Recovery codes' });
    await renewed.waitFor();
    const [first = ''] = await renewed.locator('code').allTextContents();
    await press('I have kept them');
    await fillOwn('Password', password);
    await fillOwn('Code, or a recovery code', first);
    await page.getByLabel('Remove the second factor').check();
    await press('Go on');
    await page.getByText('Your password is enough').waitFor();
  });

  it('run without an error', () => assert.deepEqual(complaints, []));
});
