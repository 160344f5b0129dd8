import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { queryServer } from '@fissile/kit/testing';
import { ADMIN, Shop } from '../harness/shop.js';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Json } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { signInAt } from '../harness/sign-in-form.js';

describe('The schedules in the console', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let api: Api;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start(), openBrowser()]);
    api = new Api(shop);
    const context = await browser.newContext({ baseURL: shop.url, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto('/console');
    await signInAt(page, ADMIN);
    await page.getByRole('link', { name: 'Schedules' }).click();
    await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor();
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const query = (of: string, sql: string): Promise<object[]> =>
    queryServer(shop.databaseServerUrl, sql, [], `${shop.databasePrefix}_${of}`);

  const row = (text: RegExp) => page.getByRole('row', { name: text });

  it('say what each process does in the background, and how it went', async () => {
    await row(/^clean-up of sagas of orders .* 10 min .* done/).waitFor();
    await row(/^session clean-up /).waitFor();
    const { status, body } = await api.get('/api/admin/schedules', await api.admin());
    assert.equal(status, 200);
    assert.deepEqual(body.missing, []);
    const of = (name: string): Json => body.items.find((item: Json) => item.name === name);
    const { state, everySeconds, startedAt, nextAt, error } = of('clean-up of sagas of orders');
    assert.deepEqual([state, everySeconds, error], ['done', 600, null]);
    assert.ok(Date.parse(nextAt) >= Date.parse(startedAt) + 600_000);
    await expectAccessible(page);
  });

  it('narrow by name and result, in the address', async () => {
    await page.getByLabel('Name').fill('clean-up of');
    await page.getByLabel('Name').press('Enter');
    await row(/^session clean-up /).waitFor({ state: 'detached' });
    assert.match(page.url(), /#\/schedules\?text=clean-up\+of$/);
    await page.getByLabel('Result').selectOption('failed');
    await page.getByText('Nothing matches.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row(/^session clean-up /).waitFor();
  });

  it('say what fails and why, first of all, until it works again', async () => {
    await query('users', 'ALTER TABLE account_mails RENAME TO mails_elsewhere');
    await row(/^mails of accounts .* failed .*account_mails.* does not exist.* last succeeded at/).waitFor();
    assert.match((await page.locator('tbody tr').first().textContent()) ?? '', /^mails of accounts/);
    await expectAccessible(page);
    await query('users', 'ALTER TABLE mails_elsewhere RENAME TO account_mails');
    await row(/^mails of accounts .* done .* of .* failed/).waitFor();
  });

  it('and no page failed meanwhile', () => assert.deepEqual(complaints, []));
});
