import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ADMIN, Shop } from '../harness/shop.js';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Customer } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { MailServer } from '../harness/mail-server.js';
import { queryServer, until } from '@fissile/kit/testing';
import { signInAt } from '../harness/sign-in-form.js';

const MOST_TABS = 60;

describe('The pages', { skip: !hasBrowser() }, () => {
  let mailServer: MailServer;
  let shop: Shop;
  let api: Api;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let admin: string;
  let customer: Customer;
  /** The errors that the browser logged, and the hosts other than the shop that it requested. */
  const complaints: string[] = [];

  before(async () => {
    mailServer = await MailServer.start();
    // Links of mails lead to a name that no test can resolve: what counts is what follows it.
    const env = { SMTP_URL: mailServer.url, EMAIL_VERIFICATION: 'on', PUBLIC_URL: 'https://shop.example' };
    [shop, browser] = await Promise.all([Shop.start({ env }), openBrowser()]);
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
    context = await browser.newContext({ baseURL: shop.url, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // Error responses are logged there too.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(message.text());
      }
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(shop.url)) complaints.push(`asks ${request.url()}`);
    });
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
    await mailServer?.close();
  });

  const heading = (name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  /** Presses Tab until the element with that role and name has the focus. */
  async function tabTo(
    role: 'button' | 'link' | 'searchbox' | 'radio',
    name: string | RegExp,
  ): Promise<void> {
    const wanted = page.getByRole(role, { name });
    await wanted.first().waitFor();
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      if (await wanted.first().evaluate((element) => element === element.ownerDocument.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`no Tab leads to ${role} ${String(name)}`);
  }

  async function press(role: 'button' | 'link', name: string | RegExp): Promise<void> {
    await tabTo(role, name);
    await page.keyboard.press('Enter');
  }

  const signIn = (email: string, password: string): Promise<void> => signInAt(page, { email, password });

  const isAccessible = (): Promise<void> => expectAccessible(page);

  it('an empty shop says what to do, and the console adds sample products', async () => {
    await page.goto('/shop');
    await page.getByText('There are no products').waitFor();
    await page.goto('/shop#/staff/products');
    await signIn(ADMIN.email, ADMIN.password);
    await page.getByRole('button', { name: 'Add sample products' }).click();
    await page.getByRole('row', { name: /Green tea.* 250 0 250/ }).waitFor();
    await page.getByRole('button', { name: 'Add 100 of Green tea' }).click();
    await page.getByRole('row', { name: /Green tea.* 350 0 350/ }).waitFor();
    await isAccessible();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading('Sign in');
  });

  it('a newcomer finds something, orders it and sees it go through, by keyboard alone', async () => {
    await page.goto('/shop');
    await tabTo('searchbox', 'Search');
    await page.keyboard.type('teapot');
    await until(
      'the search has come to an end',
      async () => (await page.getByRole('listitem').count()) === 4,
    );
    await isAccessible();
    await press('button', 'Add Teapot to the cart');
    await page.getByText('Teapot is in the cart').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.evaluate('document.activeElement.blur()');
    await press('link', 'Cart (1)');
    await heading('Cart');
    assert.equal(
      await page.evaluate('document.activeElement.tagName'),
      'H1',
      'a new page begins at its heading',
    );
    await isAccessible();
    await press('button', 'Go on as a visitor');
    await tabTo('radio', 'A card that works');
    await isAccessible();
    await press('button', 'Order');
    await heading('Your order');
    await page.getByText('The order is paid').waitFor();
    await page.getByRole('row', { name: /confirm-order do 1 done/ }).waitFor();
    await isAccessible();
    await page.getByRole('link', { name: 'My orders' }).click();
    await page.getByRole('row', { name: /confirmed \$89\.00/ }).waitFor();
  });

  /** Opens the link of a mail, as far as it is about this shop. */
  async function openLink(email: string, subject: string): Promise<void> {
    const { pathname, hash } = await mailServer.linkFor(email, subject);
    await page.goto(pathname + hash);
  }

  it('the link of a mail confirms an address, once', async () => {
    const subject = 'Confirm your email address';
    await openLink(customer.email, subject);
    await heading(subject);
    await page.getByRole('status').getByText('Your email address is confirmed').waitFor();
    assert.equal(page.url(), `${shop.url}/account`, 'the token is gone from the address');
    assert.equal((await api.get('/api/users/me', customer.token)).body.emailVerified, true);
    await isAccessible();
    await openLink(customer.email, subject);
    await page.getByRole('alert').getByText('wrong, used or expired').waitFor();
    await page.getByRole('button', { name: 'Send another mail' }).waitFor();
    await isAccessible();
  });

  it('who has forgotten a password chooses another by mail, and signs in with it', async () => {
    const { email } = await api.customer();
    const password = 'chosen by the link of a mail';
    await page.goto('/shop#/orders');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await heading('Forgot your password?');
    await page.getByLabel('Email').fill(`${randomUUID()}@example.com`);
    await press('button', 'Send the mail');
    const said = page.getByRole('status').getByText('If this address has an account, a mail is on its way');
    await said.waitFor();
    await page.getByLabel('Email').fill(email);
    await press('button', 'Send the mail');
    await said.waitFor();
    await isAccessible();
    await openLink(email, 'Choose a new password');
    await heading('Choose a new password');
    assert.equal(page.url(), `${shop.url}/account`, 'the token is gone from the address');
    const fill = async (first: string, second: string): Promise<void> => {
      await page.getByLabel('New password', { exact: true }).fill(first);
      await page.getByLabel('New password again').fill(second);
      await press('button', 'Set the password');
    };
    await fill(password, `${password}, or not`);
    await page.getByRole('alert').getByText('not the same').waitFor();
    await fill('short', 'short');
    await page.getByRole('alert').getByText('password: expected at least 12 characters').waitFor();
    await isAccessible();
    await fill(password, password);
    await page.getByRole('status').getByText('Your new password is set').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(email, password);
    await page.getByText('You have ordered nothing yet').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
  });

  it('a customer exports what is kept of them, and deletes their account', async () => {
    const { email, password } = await api.customer();
    await page.goto('/shop#/orders');
    await signIn(email, password);
    await page.getByRole('link', { name: 'Your account' }).click();
    await heading('Your account');
    await page.getByText(email).waitFor();
    await isAccessible();
    const download = page.waitForEvent('download');
    await press('button', 'Export my data');
    const exported = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
    assert.equal(exported.contexts.users.account[0].email, email);
    const erase = async (typed: string): Promise<void> => {
      await page.getByRole('form', { name: 'Delete your account' }).getByLabel('Password').fill(typed);
      await page.getByLabel('I know that there is no way back').check();
      await press('button', 'Delete my account');
    };
    await erase('not the password');
    await page.getByRole('alert').getByText('expected the password of the account').waitFor();
    await isAccessible();
    await erase(password);
    await heading('Your account is deleted');
    await isAccessible();
    assert.equal((await api.post('/api/auth/login', { email, password })).status, 401);
  });

  it('the console lets admins in alone, and keeps them in over a reload', async () => {
    await page.goto('/console');
    await heading('Sign in');
    await isAccessible();
    await signIn(ADMIN.email, 'not-the-password');
    await page
      .getByRole('alert')
      .getByText(/password/)
      .waitFor();
    await signIn(customer.email, customer.password);
    await page.getByRole('alert').getByText('not an admin').waitFor();
    await signIn(ADMIN.email, ADMIN.password);
    await heading(/Topology/);
    await page.reload();
    await heading(/Topology/);
  });

  it('shows which process hosts what, and what goes on there', async () => {
    await heading(`Topology: ${shop.topology}`);
    for (const name of ['users', 'orders', 'payments']) {
      await page
        .getByRole('listitem')
        .filter({ hasText: new RegExp(`^${name} ?[\\d.]+ calls/s`) })
        .waitFor();
    }
    await page
      .getByText(/up for .*MiB/)
      .first()
      .waitFor();
    await until('there are two readings, so that there is a rate', async () =>
      /\d/.test((await page.locator('dd').first().textContent()) ?? ''),
    );
    await isAccessible();
  });

  it('shows the staff what an order went through, and cancels it', async () => {
    await page.goto('/shop#/staff');
    await signIn(ADMIN.email, ADMIN.password);
    await page.getByRole('row', { name: /confirmed 1 × Teapot \$89\.00/ }).waitFor();
    await isAccessible();
    await page.getByRole('link', { name: /^…/ }).click();
    await page.getByRole('row', { name: /process-payment do 1 done/ }).waitFor();
    assert.equal(await page.locator('.axis rect').count(), 4);
    await page.getByRole('button', { name: 'Cancel the order…' }).click();
    await page.getByRole('button', { name: 'Cancel it, and refund what is paid' }).click();
    await page.getByRole('row', { name: /refund-payment take back 1 done/ }).waitFor();
    await page.getByText('cancelled', { exact: true }).first().waitFor();
    await isAccessible();
  });

  it('lets the staff ship an order, and take it back', async () => {
    const [tea] = (await api.get('/api/products?q=tea')).body.items;
    const { body } = await api.placeOrder(customer.token, [{ productId: tea.id, quantity: 1 }]);
    await page.goto(`/shop#/staff/orders/${body.id}`);
    await page.getByRole('button', { name: 'Ship the order' }).click();
    await page.getByRole('row', { name: /ship-inventory do 1 done/ }).waitFor();
    const back = page.getByRole('button', { name: 'Take the order back…' });
    await back.waitFor();
    assert.equal(await page.getByRole('button', { name: 'Cancel the order' }).count(), 0);
    await isAccessible();
    await back.click();
    await page.getByRole('button', { name: 'Take it back, and refund what is paid' }).click();
    await page.getByRole('row', { name: /restock-inventory do 1 done/ }).waitFor();
    await page.getByText('returned', { exact: true }).first().waitFor();
  });

  it('shows the staff refunds that are refused for good, has one tried again and another one settled', async () => {
    const [tea] = (await api.get('/api/products?q=tea')).body.items;
    const refused = async (reason: string): Promise<void> => {
      const { body } = await api.placeOrder(customer.token, [{ productId: tea.id, quantity: 1 }]);
      await api.post(`/api/orders/${body.id}/cancel`, {}, customer.token);
      await api.orderAtRest(body.id, customer.token);
      // The sandbox refuses none.
      const refuse = `
        WITH payment AS (UPDATE payments SET status = 'refund_failed' WHERE order_id = $1 RETURNING id)
        UPDATE refunds SET status = 'failed', failure_reason = $2 WHERE payment_id IN (SELECT id FROM payment)`;
      const database = `${shop.databasePrefix}_payments`;
      await queryServer(shop.databaseServerUrl, refuse, [body.id, reason], database);
    };
    await refused('charge_disputed');
    await refused('lost_or_stolen_card');
    await page.goto('/shop#/staff');
    await page.getByRole('link', { name: 'Failed refunds (2)' }).click();
    await heading('Failed refunds');
    await page.getByRole('row', { name: /charge_disputed/ }).waitFor();
    await isAccessible();
    const stolen = page.getByRole('row', { name: /lost_or_stolen_card/ });
    await stolen.getByRole('button', { name: 'Retry…' }).click();
    await stolen.getByRole('button', { name: /^Refund \$/ }).click();
    await page.getByText('The refund is done.').waitFor();
    await page.getByRole('link', { name: 'Failed refunds (1)' }).waitFor();
    const disputed = page.getByRole('row', { name: /charge_disputed/ });
    await disputed.getByRole('button', { name: 'Settle…' }).click();
    await isAccessible();
    await disputed.getByRole('button', { name: /as paid in another way$/ }).click();
    await page.getByText('There are none.').waitFor();
    await page.getByRole('link', { name: 'Failed refunds', exact: true }).waitFor();
  });

  it('the console draws what a saga did, whatever its context', async () => {
    await page.goto('/console#/sagas');
    await page
      .getByRole('link', { name: /orders: place-order/ })
      .first()
      .click();
    await page.getByRole('row', { name: /process-payment do 1 done/ }).waitFor();
    assert.equal(await page.locator('.axis rect').count(), 4);
    await page.getByText('Input and output of process-payment', { exact: true }).click();
    await page
      .getByRole('group', { name: 'Input', exact: true })
      .getByText(/"paymentMethod": "pm_/)
      .waitFor();
    await page
      .getByRole('group', { name: 'Output', exact: true })
      .getByText(/"paymentId": "/)
      .waitFor();
    assert.match(await page.title(), /^Sagas …[\da-f]{8} – /);
    assert.match(
      (await page.locator('dd time').first().getAttribute('title')) ?? '',
      /\b(UTC|GMT|[A-Z]{3,4})/,
    );
    await isAccessible();
    await page.getByRole('link', { name: 'All sagas' }).click();
    await heading('Sagas');
  });

  it('asks the customer what a bank would, and goes on with the answer', async () => {
    // Of a visitor, beside the session of the staff.
    const visit = await browser.newContext({ baseURL: shop.url });
    const its = await visit.newPage();
    await its.goto('/shop#/');
    await its.getByRole('button', { name: 'Add Teapot to the cart' }).click();
    await its.getByRole('link', { name: 'Cart (1)' }).click();
    await its.getByRole('button', { name: 'Go on as a visitor' }).click();
    await its.getByRole('radio', { name: 'A card whose bank asks you' }).click();
    await its.getByRole('button', { name: 'Order', exact: true }).click();
    await its.getByRole('button', { name: 'Approve the payment' }).click();
    await its.getByText('The order is paid and confirmed.').waitFor();
    assert.equal(await its.getByRole('button', { name: 'Approve the payment' }).count(), 0);
    await visit.close();
  });

  it('replays a dead letter after its cause is fixed, and shows why a replay failed', async () => {
    const eventId = randomUUID();
    const total = { amountMinor: 'a lot', currency: 'USD' };
    const data = { orderId: randomUUID(), userId: customer.id, total };
    const type = 'orders.confirmed.v1';
    const envelope = {
      specversion: '1.0',
      id: eventId,
      source: '/orders',
      type,
      subject: data.orderId,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    };
    const query = (context: string, sql: string, values: unknown[]): Promise<object[]> =>
      queryServer(shop.databaseServerUrl, sql, values, `${shop.databasePrefix}_${context}`);
    const publish = 'INSERT INTO outbox (event_id, type, key, envelope) VALUES ($1, $2, $3, $4)';
    await query('orders', publish, [eventId, type, data.orderId, envelope]);
    await until('the event is dead-lettered', async () => {
      const { body } = await api.get('/api/admin/dead-letters', admin);
      return body.items.length > 0;
    });
    await page.getByRole('link', { name: 'Dead letters' }).first().click();
    await page.getByRole('heading', { name: type }).waitFor();
    await page.getByText('The event', { exact: true }).click();
    await isAccessible();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByRole('status').getByText(/./).waitFor();
    await page.getByRole('heading', { name: type }).waitFor();
    const mend = `UPDATE dead_letters SET envelope = jsonb_set(envelope, '{data,total,amountMinor}', '1')`;
    await query('notifications', mend, []);
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('The event was handled').waitFor();
    await page.getByText('There are none').waitFor();
  });

  it('draws the contexts and what goes between them, live', async () => {
    await page.getByRole('link', { name: 'Topology' }).click();
    const picture = page.getByRole('group', { name: `Topology ${shop.topology}` });
    for (const name of ['gateway', 'users', 'inventory', 'notifications']) {
      await picture.getByRole('button', { name: new RegExp(`^${name} `) }).waitFor();
    }
    await picture.getByRole('img', { name: /^gateway passes requests to orders, [\d.]+\/s/ }).waitFor();
    await picture.getByRole('img', { name: /^orders sends events to notifications, / }).waitFor();
    const { items } = (await api.get('/api/products?limit=100')).body;
    const tea = items.find(({ name }: { name: string }) => name === 'Green tea');
    const rate = picture.getByRole('img', {
      name: /^orders calls inventory, (0\.[1-9]|[1-9][\d.]*)\/s · [\d.]+ m?s/,
    });
    // A single order is visible in one reading only.
    await Promise.all([rate.waitFor(), api.placeOrder(customer.token, [{ productId: tea.id, quantity: 1 }])]);
  });

  it('lists the connections of the selected context, by keyboard too', async () => {
    const orders = page.getByRole('button', { name: /^orders / });
    await orders.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connections of orders' }).waitFor();
    assert.equal(await orders.getAttribute('aria-pressed'), 'true');
    assert.equal(await page.getByRole('row', { name: /^inventory calls products/ }).count(), 0);
    await isAccessible();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('row', { name: /^gateway passes requests to users/ }).waitFor();
  });

  it('says in words that a breaker is open, which process is not ready, and which context is missing', async () => {
    const address = '**/api/admin/topology';
    await page.route(address, async (route) => {
      const response = await route.fetch();
      const topology = await response.json();
      const process = topology.processes.find(({ hosts }: { hosts: string[] }) => hosts.includes('orders'));
      process.breakers = [{ target: 'inventory', state: 'open', inFlight: 0 }];
      for (const instance of process.instances) instance.state = 'ejected';
      topology.missing = [{ context: 'payments', reason: 'deadline_exceeded' }];
      await route.fulfill({ response, json: topology });
    });
    await page.getByRole('img', { name: /^orders calls inventory, open · / }).waitFor();
    await page.getByRole('row', { name: /^orders calls inventory .* open$/ }).waitFor();
    await page.locator('svg').getByText('not ready').waitFor();
    // In one process it is one of those that cannot be reached.
    await page
      .getByRole('alert')
      .getByText(/payments/)
      .waitFor();
    await isAccessible();
    // A poll that is under way ends first.
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('shows the settings without secrets, and who did what', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    const process = page.getByLabel('Process');
    await page.getByRole('row', { name: /^HOST / }).waitFor();
    // With several processes, each lists the settings that it reads.
    if (await process.isVisible()) await process.selectOption('users');
    await page.getByLabel('Find').fill('admin');
    await page.getByRole('row', { name: /ADMIN_EMAIL.*environment/ }).waitFor();
    const row = await page.getByRole('row', { name: /ADMIN_PASSWORD/ }).textContent();
    assert.ok(!row?.includes(ADMIN.password), row ?? '');
    await isAccessible();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page
      .getByRole('row', { name: /dead_letter\.replayed in notifications done/ })
      .first()
      .waitFor();
    await isAccessible();
  });

  it('run no foreign script, and call no other host', async () => {
    assert.deepEqual(complaints, []);
    for (const path of ['/shop', '/account', '/console', '/console/']) {
      const { status, headers, body } = await api.get(path);
      assert.equal(status, 200);
      assert.match(
        headers.get('content-security-policy') ?? '',
        /default-src 'none';script-src 'self';style-src 'self';/,
      );
      assert.equal(headers.get('cache-control'), 'no-cache');
      const [asset] = /\/assets\/[\w-]+\.js/.exec(body as string) ?? [];
      const script = await api.get(asset ?? '');
      assert.equal(script.status, 200);
      assert.match(script.headers.get('cache-control') ?? '', /immutable/);
    }
    assert.equal((await api.get('/assets/..%2fconsole.html')).status, 404);
    assert.equal((await api.get('/assets/nothing.js')).status, 404);
  });
});
