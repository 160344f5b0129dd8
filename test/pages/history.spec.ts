import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

const MINUTE_MS = 60_000;

/** What a gateway would say that has run for six hours: busy, with a fault in the middle, of which nothing is known. */
function sixHours() {
  const to = Date.now();
  const points = Array.from({ length: 360 }, (_, index) => {
    const isUnknown = index > 170 && index < 180;
    const known = <T>(value: T): T | null => (isUnknown ? null : value);
    return {
      at: new Date(to - (359 - index) * MINUTE_MS).toISOString(),
      requestsPerSecond: known(80 + 40 * Math.sin(index / 20)),
      failedPerSecond: known(index > 180 && index < 190 ? 12 : 0),
      p50Ms: known(12),
      p99Ms: known(80 + (index % 30)),
      outboxLagSeconds: known(index > 170 && index < 200 ? index - 170 : 0),
      outboxEvents: known(index > 170 && index < 200 ? 1_500 : 3),
      inboxEvents: known(0),
    };
  });
  const at = (minutes: number): string => new Date(to - minutes * MINUTE_MS).toISOString();
  const marks = [
    { at: at(300), kind: 'moved', process: 'orders', context: 'orders' },
    { at: at(190), kind: 'down', process: 'payments', context: null },
    { at: at(180), kind: 'started', process: 'payments', context: null },
  ];
  return {
    from: new Date(to - 360 * MINUTE_MS).toISOString(),
    to: new Date(to).toISOString(),
    everySeconds: 60,
    points,
    marks,
  };
}

describe('The graphs of the console', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start(), openBrowser()]);
    page = await browser.newPage({ baseURL: shop.url, reducedMotion: 'reduce' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto('/console');
    await signInAt(page, ADMIN);
    await page.getByRole('heading', { level: 2, name: 'The last 15 minutes' }).waitFor();
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const graph = (title: string) => page.getByRole('figure', { name: new RegExp(`^${title}`) });

  /** How many lines a picture begins: one more for each gap. */
  const strokes = async (title: string): Promise<number> => {
    const path = await graph(title).locator('path.calm').first().getAttribute('d');
    return (path ?? '').split('M').length - 1;
  };

  it('show what clients ask, once the gateway has seen it', async () => {
    await until('requests are seen', async () => {
      await fetch(`${shop.url}/api/products`);
      return /all: .*[1-9]/.test((await graph('Requests per second').textContent()) ?? '');
    });
    await graph('Response time')
      .getByText(/p99: \d.* m?s/)
      .waitFor();
    await graph('Events waiting')
      .getByText(/unpublished: \d/)
      .waitFor();
    await page.getByText('No process was restarted, and no context has moved.').waitFor();
    await expectAccessible(page);
  });

  it('are a table, too', async () => {
    await page.getByText('The same as a table').click();
    const table = page.getByRole('group', { name: 'History as a table' });
    await table.getByRole('columnheader', { name: 'p99' }).waitFor();
    await table
      .getByRole('row', { name: /^\d\d:\d\d:\d\d \d/ })
      .first()
      .waitFor();
    await expectAccessible(page);
  });

  it('show hours, with a gap where nobody knows, and what has happened', async () => {
    const asked: string[] = [];
    await page.route('**/api/admin/history?*', (route) => {
      asked.push(new URL(route.request().url()).search);
      return route.fulfill({ json: sixHours() });
    });
    await page.getByLabel('Range').selectOption('6 hours');
    await page.getByRole('heading', { level: 2, name: 'The last 6 hours' }).waitFor();
    await page.getByText('orders moved to orders').waitFor();
    await page.getByText('payments did not answer').waitFor();
    assert.equal(asked.at(-1), '?range=6h');
    await until('the line has a gap', async () => (await strokes('Requests per second')) === 2);
    assert.equal(await graph('Requests per second').locator('line.mark').count(), 3);
    const rows = page.getByRole('group', { name: 'History as a table' }).locator('tbody tr');
    assert.equal(await rows.count(), 30, 'points share rows');
    await expectAccessible(page);
    await page.unroute('**/api/admin/history?*');
  });

  it('and no page failed meanwhile', () => assert.deepEqual(complaints, []));
});
