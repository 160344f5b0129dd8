import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { v7 as uuidv7 } from 'uuid';
import { queryServer, until } from '@fissile/kit/testing';
import { ADMIN, Shop } from '../harness/shop.js';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { signInAt } from '../harness/sign-in-form.js';

/** A version that no process knows: what is inserted stays as it is. */
const UNKNOWN_VERSION = 99;

describe('In the console an operator finds', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let api: Api;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start(), openBrowser()]);
    api = new Api(shop);
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
  });

  const heading = (name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  const query = (of: string, sql: string, values: unknown[]): Promise<object[]> =>
    queryServer(shop.databaseServerUrl, sql, values, `${shop.databasePrefix}_${of}`);

  async function addSagas(name: string, count: number, status = 'running'): Promise<string[]> {
    const ids = Array.from({ length: count }, () => uuidv7());
    await query(
      'orders',
      `INSERT INTO sagas (id, name, version, subject, status, position, data, timeline, lease_until, due_at)
       SELECT id, $2, ${UNKNOWN_VERSION}, 'subject-' || id, $3, 0, '{}', '[]', now(), now() + interval '1 hour' FROM unnest($1::uuid[]) AS id`,
      [ids, name, status],
    );
    return ids;
  }

  async function addLetter(type: string, reason: string): Promise<void> {
    await query(
      'notifications',
      `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope) VALUES ($1, $2, 'notify-customer', $3, $4, '{}')`,
      [uuidv7(), randomUUID(), type, reason],
    );
  }

  const sagaRows = () => page.locator('tbody tr');
  const expectRows = (count: number): Promise<unknown> =>
    until(`there are ${count} rows`, async () => (await sagaRows().count()) === count);

  it('sagas by filters, which are in the address and come back', async () => {
    await addSagas('find-me', 3);
    await addSagas('find-me', 1, 'completed');
    await addSagas('leave-me', 2);
    await page.goto('/console#/sagas');
    await heading('Sagas');
    await expectRows(6);
    await page.getByLabel('Name').fill('find-me');
    await page.getByLabel('Name').press('Enter');
    await expectRows(4);
    await page.getByLabel('Status').selectOption('completed');
    await expectRows(1);
    assert.match(page.url(), /#\/sagas\?name=find-me&status=completed$/);
    await page.goBack();
    await expectRows(4);
    assert.equal(await page.getByLabel('Status').inputValue(), '');
    await page.goForward();
    await expectRows(1);
    await page.reload();
    await heading('Sagas');
    await expectRows(1);
    assert.equal(await page.getByLabel('Name').inputValue(), 'find-me');
    await page.getByLabel('From').fill('2099-01-01T00:00');
    await page.getByText('No sagas match.').waitFor();
    assert.equal(await page.getByLabel('From').inputValue(), '2099-01-01T00:00');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expectRows(6);
  });

  it('why a filter of a copied link is refused', async () => {
    await page.goto('/console#/sagas?from=yesterday');
    await page.getByRole('alert').getByText('from: expected a time such as').waitFor();
  });

  it('how many sagas an action is for, before it is done', async () => {
    await page.goto('/console#/sagas?name=find-me');
    await expectRows(4);
    await page.getByRole('button', { name: 'Retry all…' }).click();
    await page.getByText('3 of 4 match: retry 3?').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Retry 3' }).click();
    await page.getByRole('status').getByText('3 will be retried.').waitFor();
    await page.getByRole('button', { name: 'Retry all…' }).click();
    await page.getByText('4 match, and there is none to retry.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Abort all…' }).click();
    await page.getByRole('button', { name: 'Abort 3' }).click();
    await page.getByText('3 will be taken back.').waitFor();
  });

  it('what is new, in a list that does not move what somebody reads', async () => {
    await page.goto('/console#/sagas?name=grows');
    await page.getByText('No sagas match.').waitFor();
    await addSagas('grows', 2);
    await expectRows(2);
    await page
      .getByRole('link', { name: /orders: grows/ })
      .first()
      .focus();
    const [id] = await addSagas('grows', 1);
    await page.getByRole('button', { name: 'Show 1 new saga' }).waitFor();
    await expectRows(2);
    await query('orders', `UPDATE sagas SET status = 'completed' WHERE name = 'grows' AND id <> $1`, [id]);
    await until('the rows changed in place', async () => (await page.getByText('completed').count()) >= 3);
    await expectRows(2);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Show 1 new saga' }).click();
    await expectRows(3);
  });

  it('what has changed in all rows that are loaded, and not in the first ones alone', async () => {
    const [oldest] = await addSagas('long', 45);
    await page.goto('/console#/sagas?name=long');
    await expectRows(20);
    const more = page.getByRole('button', { name: 'Show more' });
    await more.click();
    await expectRows(40);
    await more.click();
    await expectRows(45);
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    const last = sagaRows().last();
    const top = await last.evaluate((row) => row.getBoundingClientRect().top);
    await addSagas('long', 2);
    await query('orders', `UPDATE sagas SET status = 'completed' WHERE id = $1`, [oldest]);
    await last.getByText('completed').waitFor();
    await page.getByRole('button', { name: 'Show 2 new sagas' }).waitFor({ state: 'attached' });
    await expectRows(45);
    const moved = await last.evaluate((row) => row.getBoundingClientRect().top);
    const button = await page
      .getByRole('button', { name: 'Show 2 new sagas' })
      .evaluate((element) => element.getBoundingClientRect().height);
    assert.ok(Math.abs(moved - top) <= button, `the last row moved from ${top} to ${moved}`);
    await page.getByRole('button', { name: 'Show 2 new sagas' }).click();
    await expectRows(47);
    await query('orders', `DELETE FROM sagas WHERE id = $1`, [oldest]);
    await page.evaluate('scrollTo(0, 0); document.activeElement.blur()');
    await expectRows(46);
  });

  it('dead letters by words, and discards what matches', async () => {
    await addLetter('orders.confirmed.v8', 'the data do not fit the schema: orderId');
    await addLetter('orders.confirmed.v9', 'nobody knows that version');
    await page.goto('/console#/dead-letters');
    await page.getByRole('heading', { name: 'orders.confirmed.v9' }).waitFor();
    await page.getByLabel('Words of the reason').fill('schema ord');
    await page.getByLabel('Words of the reason').press('Enter');
    await page.getByRole('heading', { name: 'orders.confirmed.v9' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Discard all…' }).click();
    await page.getByText('1 of 1 match: discard 1?').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Discard 1' }).click();
    await page.getByText('No dead letters match.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('heading', { name: 'orders.confirmed.v9' }).waitFor();
  });

  it('who did what, by their address', async () => {
    const { email, token } = await api.customer();
    await api.post('/api/auth/logout', undefined, token);
    await page.goto('/console#/audit');
    await page.getByLabel('By whom').fill(email);
    await page.getByLabel('By whom').press('Enter');
    await page.getByRole('row', { name: new RegExp(`session.ended .* ${email}`) }).waitFor();
    assert.equal(await page.getByRole('link', { name: ADMIN.email }).count(), 0);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: ADMIN.email }).first().waitFor();
  });

  it('a page by its name and anything by its id, by keyboard alone', async () => {
    const [saga = ''] = await addSagas('anything', 1);
    await page.goto('/console#/settings');
    await heading('Settings');
    const found = page.getByRole('dialog', { name: 'Go to' });
    await page.keyboard.press('Control+k');
    await found.getByRole('combobox').waitFor();
    await page.keyboard.type('audit');
    await found.getByText('1 found').waitFor();
    await page.keyboard.press('Enter');
    await heading('Audit log');
    await found.waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await found.getByRole('combobox').waitFor();
    await page.keyboard.type(saga);
    await found.getByRole('option', { name: 'orders: anything, running' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await heading('Saga');
    assert.ok(page.url().endsWith(`#/sagas/${saga}`));
    await page.keyboard.press('/');
    await found.getByRole('combobox').waitFor();
    await page.keyboard.type(ADMIN.email);
    await found.getByRole('option', { name: ADMIN.email }).waitFor();
    await page.keyboard.press('Escape');
    await found.waitFor({ state: 'hidden' });
    await heading('Saga');
    await page.goto('/console#/sagas');
    await page.getByLabel('Name').press('/');
    assert.equal(await found.isVisible(), false, 'a slash that is typed is a slash');
  });

  it('an order and a payment by their ids, which the product says where to show', async () => {
    const customer = await api.customer();
    const productId = await api.product(await api.admin(), { stock: 1 });
    const { body: order } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const found = page.getByRole('dialog', { name: 'Go to' });
    const find = async (id: string): Promise<void> => {
      await page.goto('/console#/sagas');
      await heading('Sagas');
      await page.keyboard.press('Control+k');
      await found.getByRole('combobox').fill(id);
    };
    await find(order.id);
    await found.getByRole('option', { name: `order …${order.id.slice(-8)}, confirmed` }).waitFor();
    await found.getByRole('option', { name: 'orders: place-order, completed' }).waitFor();
    assert.equal(await found.getByRole('option', { name: /^(payment|product|mail) / }).count(), 0);
    await expectAccessible(page);
    await find(order.paymentId);
    await found.getByRole('option', { name: `payment …${order.paymentId.slice(-8)}, captured` }).waitFor();
    await page.keyboard.press('Enter');
    await signInAt(page, ADMIN);
    await heading('Payment');
    assert.ok(page.url().endsWith(`/shop#/staff/payments/${order.paymentId}`));
  });

  it('and no page failed meanwhile', () => assert.deepEqual(complaints, []));
});
