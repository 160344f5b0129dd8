import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Json } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

describe('The traces and logs of the console', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let api: Api;
  let browser: Browser;
  let page: Page;
  let admin: string;
  const complaints: string[] = [];

  before(async () => {
    const env = { TOPOLOGY: 'split', TRANSPORT: 'grpc', LOG_LEVEL: 'debug', RECENT_SPANS: '5000' };
    [shop, browser] = await Promise.all([Shop.start({ env }), openBrowser()]);
    api = new Api(shop);
    admin = await api.admin();
    const customer = await api.customer();
    const productId = await api.product(admin, { stock: 1 });
    for (let order = 0; order < 2; order += 1) {
      await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    }
    const context = await browser.newContext({ baseURL: shop.url, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(message.text());
      }
    });
    await page.goto('/console#/traces');
    await signInAt(page, ADMIN);
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const heading = (name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();

  /** The trace of the confirmed order, once its mail has been dealt with. */
  const traceOfOrder = (): Promise<Json> =>
    until('the order has a whole trace', async () => {
      const { body } = await api.get('/api/admin/traces?text=deliver%20orders.confirmed', admin);
      return body.items.find(({ name }: Json) => name === 'POST /api/orders');
    });

  it('list what began last, and narrow it by what the address says', async () => {
    await heading('Traces');
    const { traceId } = await traceOfOrder();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('link', { name: 'POST /api/orders' }).first().waitFor();
    await expectAccessible(page);
    await page.getByLabel('Process').selectOption('notifications');
    await page.getByLabel('Text or trace id').fill('deliver orders.confirmed');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/traces\?(?=.*process=notifications)(?=.*text=deliver\+orders.confirmed)/);
    const rows = page.getByRole('table').getByRole('link');
    await until('one is left', async () => (await rows.count()) === 1);
    assert.equal(await rows.first().getAttribute('href'), `#/traces/${traceId}`);
    await page.reload();
    await until('a reload keeps it', async () => (await rows.count()) === 1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await until('all are back', async () => (await rows.count()) > 1);
    await page.getByLabel('Failed only').check();
    await page.waitForURL(/failed=true/);
    await page.goBack();
    assert.equal(await page.getByLabel('Failed only').isChecked(), false);
  });

  it('show a trace over all processes, opened by a pasted id, with the details of a span', async () => {
    const { traceId } = await traceOfOrder();
    await page.getByLabel('Text or trace id').fill(traceId);
    await page.keyboard.press('Enter');
    await heading('Trace');
    for (const name of [
      'POST /api/orders in gateway',
      'INSERT orders in orders',
      /process orders.confirmed.* in notifications/,
    ]) {
      await page.getByRole('button', { name }).first().waitFor();
    }
    const legend = page.getByRole('list', { name: 'Processes' }).getByRole('listitem');
    assert.deepEqual(
      (await legend.allInnerTexts()).map((text) => text.trim()),
      ['gateway', 'inventory', 'notifications', 'orders', 'payments', 'products', 'users'],
    );
    const bar = page.locator('.waterfall .bar').first();
    const [first, track] = [
      await bar.boundingBox(),
      await page.locator('.waterfall .track').first().boundingBox(),
    ];
    assert.ok(first && track && first.width > 3 && first.width <= track.width + 1, 'bars have their widths');
    await page.getByRole('button', { name: 'INSERT orders in orders' }).click();
    await page.getByText('postgresql').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Its log lines' }).click();
    await heading('Logs');
    await page.waitForURL(new RegExp(`#/logs\\?traceId=${traceId}`));
  });

  it('show log lines with what they say, and lead from a line to its trace', async () => {
    const { traceId } = await traceOfOrder();
    await page.goto(`/console#/logs?traceId=${traceId}`);
    const line = page.getByText('place-order: confirm-order is done').first();
    await line.click();
    await page.getByText('requestId').filter({ visible: true }).first().waitFor();
    await expectAccessible(page);
    await page.getByLabel('Process').selectOption('orders');
    await page.waitForURL(/process=orders/);
    const cells = page.getByRole('row').getByRole('cell').nth(1);
    await until('all are of orders', async () =>
      (await cells.allInnerTexts()).every((text) => text === 'orders'),
    );
    await page.getByRole('link', { name: 'Trace', exact: true }).first().click();
    await page.waitForURL(new RegExp(`#/traces/${traceId}`));
    await heading('Trace');
  });

  it('are led to by the saga', async () => {
    const { traceId } = await traceOfOrder();
    const { items } = (await api.get('/api/admin/sagas', admin)).body;
    const saga = items.find((each: Json) => each.traceId === traceId);
    await page.goto(`/console#/sagas/${saga.id}`);
    await heading('Saga');
    await page.getByRole('link', { name: traceId }).click();
    await heading('Trace');
    await page.getByRole('button', { name: /place-order reserve-inventory/ }).waitFor();
  });

  it('are led to by their id, by a line of the log, and lead to what the saga is about', async () => {
    const { traceId } = await traceOfOrder();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(traceId);
    await page.getByRole('option', { name: `trace …${traceId.slice(-8)}` }).waitFor();
    await page.keyboard.press('Enter');
    await heading('Trace');
    await page.goto(`/console#/logs?traceId=${traceId}`);
    await page.getByText('place-order: confirm-order is done').first().click();
    await page.locator('details[open] a[href^="#/sagas/"]').click();
    await heading('Saga');
    await page.getByRole('link', { name: 'order', exact: true }).click();
    await page.waitForURL(/\/shop#\/staff\/orders\//);
  });

  it('are on the page of the order, with what placing it took in all processes', async () => {
    const { traceId } = await traceOfOrder();
    await signInAt(page, ADMIN);
    await heading('Order');
    for (const name of [
      /^INSERT orders in orders/,
      / in payments\b/,
      /process orders.confirmed.* in notifications/,
    ]) {
      await page.getByRole('button', { name }).first().waitFor();
    }
    const links = page.getByRole('row', { name: /^place-order completed/ }).getByRole('link');
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    assert.match(hrefs[0] ?? '', /^\/console#\/sagas\//);
    assert.deepEqual(hrefs.slice(1), [`/console#/traces/${traceId}`, `/console#/logs?traceId=${traceId}`]);
    await expectAccessible(page);
  });

  it('name a process that hangs', async () => {
    shop.signal('payments', 'SIGSTOP');
    try {
      await page.goto('/console#/logs');
      await page
        .getByText('Not all is here, since they do not answer: payments (deadline_exceeded)')
        .waitFor();
    } finally {
      shop.signal('payments', 'SIGCONT');
    }
  });

  it('leave nothing to complain about in the browser', () => {
    assert.deepEqual(complaints, []);
  });
});
