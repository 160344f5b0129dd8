import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { Shop } from '../harness/shop.js';

describe('The console and the link that a start shows', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start(), openBrowser()]);
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const linkOf = (): string | undefined => /http:\S+#sign-in=\S+(?=\n)/.exec(shop.output)?.[0];

  async function openLink(): Promise<Page> {
    await until('the link is shown', () => linkOf() !== undefined);
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(linkOf() ?? '');
    return page;
  }

  it('signs in, and leaves nothing of it in the address', async () => {
    const page = await openLink();
    await page.getByRole('heading', { level: 1, name: 'Topology' }).waitFor();
    assert.doesNotMatch(page.url(), /sign-in/);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Topology' }).waitFor();
    await page.close();
  });

  it('says what to do when it is opened again', async () => {
    const page = await openLink();
    await page
      .getByRole('alert')
      .getByText(/The link was used, or has expired/)
      .waitFor();
    await page.getByLabel('Password', { exact: true }).waitFor();
    await expectAccessible(page);
    assert.doesNotMatch(page.url(), /sign-in/);
    await page.close();
  });
});
