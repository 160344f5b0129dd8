import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { ADMIN, Shop } from '../harness/shop.js';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Customer } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { MailServer } from '../harness/mail-server.js';
import { signInAt } from '../harness/sign-in-form.js';

describe('In the console an operator', { skip: !hasBrowser() }, () => {
  let mailServer: MailServer;
  let shop: Shop;
  let api: Api;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let customer: Customer;
  const complaints: string[] = [];

  before(async () => {
    mailServer = await MailServer.start();
    const env = { SMTP_URL: mailServer.url, EMAIL_VERIFICATION: 'on', PUBLIC_URL: 'https://shop.example' };
    [shop, browser] = await Promise.all([Shop.start({ env }), openBrowser()]);
    api = new Api(shop);
    customer = await api.customer();
    await api.customer();
    context = await browser.newContext({ baseURL: shop.url, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto('/console');
    await signInAt(page, ADMIN);
    await heading(/Topology/);
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
    await mailServer?.close();
  });

  const heading = (name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  const said = (text: string): Promise<void> => page.getByRole('status').getByText(text).waitFor();

  const fact = (name: string) => page.locator(`dt:text-is("${name}") + dd`);

  const expectRows = (count: number): Promise<unknown> =>
    until(
      `there are ${count} users`,
      async () => (await page.locator('tbody').getByRole('row').count()) === count,
    );

  /** Presses a button that asks whether it is meant, and then what it asks. */
  async function confirm(label: string, question: string | RegExp): Promise<void> {
    await page.getByRole('button', { name: `${label}…` }).click();
    await page.getByRole('button', { name: question }).click();
  }

  const statusOf = async ({ token }: Customer) => (await api.get('/api/users/me', token)).status;

  it('finds users by words, role and status, which are in the address', async () => {
    await page.getByRole('link', { name: 'Users' }).click();
    await heading('Users');
    await expectRows(3);
    await page.getByLabel('Role').selectOption('admin');
    await expectRows(1);
    await page.getByRole('link', { name: ADMIN.email }).waitFor();
    await page.getByLabel('Role').selectOption('customer');
    await expectRows(2);
    await page.getByLabel('Email or name').fill(customer.email);
    await page.getByLabel('Email or name').press('Enter');
    await expectRows(1);
    assert.match(page.url(), /#\/users\?role=customer&text=/);
    await page.getByLabel('Status').selectOption('disabled');
    await page.getByText('No users match.').waitFor();
    await expectAccessible(page);
    await page.goBack();
    await expectRows(1);
  });

  it('sees one of them, and where it is signed in', async () => {
    await page.getByRole('link', { name: customer.email }).click();
    await heading('User');
    await fact('Email').getByText(customer.email).waitFor();
    await fact('Status').getByText('active').waitFor();
    await fact('Verified').getByText('no').waitFor();
    await fact('Second factor').getByText('off').waitFor();
    await page.getByRole('row', { name: /node.* 127\.0\.0\.1/ }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'what they did' }).click();
    await heading('Audit log');
    await page.goBack();
    await heading('User');
  });

  it('has mails sent, by which a password is chosen and an address verified', async () => {
    await confirm('Send a mail for a new password', `Send the mail to ${customer.email}`);
    await said('A mail by which to choose a new password is on its way');
    await mailServer.linkFor(customer.email, 'Choose a new password');
    await confirm('Send a mail to verify the address', /again$/);
    await said('A mail by which to verify the address is on its way');
  });

  it('ends the sessions of a user', async () => {
    assert.equal(await statusOf(customer), 200);
    await confirm('End all sessions', 'End them all');
    await said('is signed out everywhere');
    await page.getByText('The account is signed in nowhere.').waitFor();
    assert.equal(await statusOf(customer), 401);
    await expectAccessible(page);
  });

  it('changes roles, once it is meant', async () => {
    const role = page.getByRole('checkbox', { name: 'admin' });
    await role.check();
    await page.getByRole('button', { name: 'Change the roles…' }).click();
    await page.getByRole('button', { name: /^Make .* customer, admin$/ }).waitFor();
    await page.getByRole('button', { name: /^Make .* customer, admin$/ }).blur();
    await page.getByRole('button', { name: 'Change the roles…' }).waitFor();
    await confirm('Change the roles', /^Make .* customer, admin$/);
    await said('is customer, admin now');
    await fact('Roles').getByText('customer, admin').waitFor();
    await expectAccessible(page);
    await page.getByRole('checkbox', { name: 'admin' }).uncheck();
    await confirm('Change the roles', /^Make .* customer$/);
    await fact('Roles').getByText('customer', { exact: true }).waitFor();
    await page.getByRole('checkbox', { name: 'customer' }).uncheck();
    await page.getByText('An account has at least one role.').waitFor();
    await page.reload();
    await heading('User');
  });

  it('keeps a user out, and lets it in again', async () => {
    const { email, password } = customer;
    const logIn = async () => (await api.post('/api/auth/login', { email, password })).status;
    await confirm('Disable', 'Disable it, and end all sessions');
    await fact('Status').getByText('disabled').waitFor();
    assert.equal(await logIn(), 403);
    await expectAccessible(page);
    await confirm('Enable', /sign in again$/);
    await fact('Status').getByText('active').waitFor();
    assert.equal(await logIn(), 200);
  });

  it('is told what the product refuses', async () => {
    await page.goto('/console#/users?role=admin');
    await page.getByRole('link', { name: ADMIN.email }).click();
    await fact('Email').getByText('(you)').waitFor();
    await confirm('Disable', 'Disable your own account, and be signed out');
    await page.getByRole('status').getByText('admin').waitFor();
    await fact('Status').getByText('active').waitFor();
    await page.goto(`/console#/users/${randomUUID()}`);
    await page.getByRole('alert').getByText('user').waitFor();
  });

  it('finds a user by an address, from any page', async () => {
    await page.keyboard.press('Control+k');
    const found = page.getByRole('dialog', { name: 'Go to' });
    await found.getByRole('combobox').fill(customer.email);
    await found.getByRole('option', { name: customer.email }).click();
    await heading('User');
    await fact('Email').getByText(customer.email).waitFor();
  });

  it('has no such page where the product has no accounts of the kit', async () => {
    await page.route('**/api/users/roles', (route) =>
      route.fulfill({ status: 404, json: { code: 'not_found', title: 'Not found', status: 404 } }),
    );
    await page.goto('/console#/users');
    await page.reload();
    await heading('There is no page here');
    assert.equal(await page.getByRole('link', { name: 'Users' }).count(), 0);
    await page.unroute('**/api/users/roles');
  });

  it('and no page failed meanwhile', () => assert.deepEqual(complaints, []));
});
