import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

/** How much of an element's width is scrolled out of sight. In the browser, whose types a test does not have. */
function hiddenWidth(element: unknown): number {
  const { scrollWidth, clientWidth } = element as {
    readonly scrollWidth: number;
    readonly clientWidth: number;
  };
  return scrollWidth - clientWidth;
}

describe('The console while something is down', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start({ env: { TOPOLOGY: 'split' } }), openBrowser()]);
    page = await browser.newPage({ baseURL: shop.url });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto('/console');
    await signInAt(page, ADMIN);
    await page.getByText('All 7 processes serve.').waitFor();
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const tile = (name: string) => page.locator('dl.tiles > div').filter({ hasText: name }).locator('dd');

  /** Where the parts of the page begin. */
  const places = (): Promise<unknown> =>
    page.evaluate(`['dl.tiles', 'svg.topology', '#placement'].map((part) => {
      const { top, height } = document.querySelector(part).getBoundingClientRect();
      return [part, top + scrollY, height];
    })`);

  it('does not count its own requests, nor what the gateway asks for it', async () => {
    await tile('Requests/s').filter({ hasText: /^0$/ }).waitFor();
    await tile('Calls/s').filter({ hasText: /^0$/ }).waitFor();
    const { body } = await new Api(shop).get('/api/admin/activity', await new Api(shop).admin());
    const edge = body.processes.find(({ name }: { name: string }) => name === 'gateway');
    const [{ requests }] = edge.instances;
    assert.ok(requests > 0, 'the sign-in is traffic');
    await page
      .getByText(/^0 requests\/s over HTTP$/)
      .nth(6)
      .waitFor();
  });

  it('says which process is down, since when, what fails, and what is not known', async () => {
    const before = await places();
    const formerPid = shop.signal('orders', 'SIGKILL');
    const alert = page.getByRole('alert');
    await alert.getByText(/^orders down since \d\d:\d\d:\d\d, restarting$/).waitFor();
    await page.locator('.frame.down').filter({ hasText: 'restarting' }).waitFor();
    await page.getByRole('button', { name: /^orders since \d\d:/ }).waitFor();
    await tile('Dead letters').getByText('without orders').waitFor();
    assert.deepEqual(await places(), before, 'nothing has moved');
    await shop.isBack('orders', formerPid);
    await page.getByText(/^orders serves again, .* after it went down at/).waitFor();
    await page
      .getByRole('group', { name: /^Restarts and moves/ })
      .getByText('orders started')
      .waitFor();
    assert.deepEqual(await places(), before, 'nor has a mark moved anything');
  });

  it('fits a phone, and says there what goes to and from the context that is chosen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const picture = page.getByRole('group', { name: 'The picture, scrolls sideways' });
    await page.locator('svg.topology.column').waitFor();
    assert.equal(await picture.evaluate(hiddenWidth), 0);
    await page.getByRole('button', { name: /^orders / }).click();
    await page.getByRole('img', { name: /^gateway passes requests to orders, / }).waitFor();
    assert.equal(await page.getByRole('img', { name: /^gateway passes requests to users, / }).count(), 0);
    await expectAccessible(page);
    await page.getByRole('button', { name: /^orders / }).click();
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('shows requests that fail, and stays red, while nothing starts it again', async () => {
    const { status } = await stopOrders();
    assert.equal(status, 202);
    await page
      .getByRole('alert')
      .getByText(/^orders down since .*, stopped$/)
      .waitFor();
    await page.locator('.frame.down').filter({ hasText: 'no process' }).waitFor();
    await until('failed requests are seen', async () => {
      await fetch(`${shop.url}/api/orders`);
      return /[1-9]/.test((await tile('Failed/s').textContent()) ?? '');
    });
    await page.getByRole('row', { name: /^gateway passes requests to orders .*/ }).waitFor();
    await expectAccessible(page);
  });

  async function stopOrders(): Promise<{ status: number }> {
    const api = new Api(shop);
    return api.post('/api/admin/topology/changes', { action: 'stop', process: 'orders' }, await api.admin());
  }

  it('says once that nothing answers, and takes earlier figures for unknown', async () => {
    const noHistory = historyIsLost();
    await shop.kill();
    await noHistory;
    await page.getByRole('alert').getByText('The product does not answer').waitFor();
    await page
      .getByRole('alert')
      .getByText(/What is below is from \d\d:/)
      .waitFor();
    await tile('Requests/s').getByText('unknown').waitFor();
    assert.equal(await page.locator('.frame').filter({ hasText: 'unknown' }).count(), 7);
    assert.equal(await page.locator('.frame').filter({ hasText: 'ready' }).count(), 0);
  });

  /** Until the page has asked twice for what its graphs draw, and has got no answer. */
  async function historyIsLost(): Promise<void> {
    let lost = 0;
    await page.waitForEvent('requestfailed', (request) => {
      if (request.url().includes('/api/admin/history')) lost += 1;
      return lost === 2;
    });
  }
});
