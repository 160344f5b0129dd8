import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

describe('The demo', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start({ env: { TOPOLOGY: 'split' } }), openBrowser()]);
    page = await browser.newPage({ baseURL: shop.url });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto('/demo');
    await signInAt(page, ADMIN);
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();

  it('orders in an empty shop, with cards of which some are declined', async () => {
    await page.getByLabel(/^Declined cards/).fill('50');
    await page.getByLabel(/^Orders per second/).fill('8');
    await press('Start ordering');
    await page.getByText(/[1-9]\d* confirmed, [1-9]\d* declined, 0 failed/).waitFor();
    await expectAccessible(page);
  });

  it('kills a process, which is started again', async () => {
    const former = shop.pids().get('inventory') ?? 0;
    await press(/^Kill inventory/);
    await shop.isBack('inventory', former);
  });

  it('pauses payments, and goes on with them', async () => {
    await press('Pause payments');
    await page.getByRole('button', { name: 'Resume payments' }).waitFor();
    await press('Resume payments');
    await page.getByRole('button', { name: 'Pause payments' }).waitFor();
  });

  it('shows that the books are balanced after all that', async () => {
    await press('Stop ordering');
    await until('the books are balanced', async () => {
      await press('Reconcile now');
      await page.getByRole('button', { name: 'Reconcile now', disabled: false }).waitFor();
      return (await page.getByText(/^The books of \d+ orders are balanced\.$/).count()) === 1;
    });
  });

  it('is in no production, and kills nothing there', async () => {
    const password = 'an admin of production alone';
    const env = {
      NODE_ENV: 'production',
      ADMIN_PASSWORD: password,
      AUTH_KEY_SECRET: randomBytes(32).toString('hex'),
      PAYMENT_PROVIDER: 'sandbox',
    };
    const other = await Shop.start({ env });
    try {
      const api = new Api(other);
      assert.equal((await api.get('/demo')).status, 404);
      assert.doesNotMatch(JSON.stringify((await api.get('/')).body), /demo/);
      const admin = await api.login(ADMIN.email, password);
      const body = { action: 'kill', process: 'monolith' };
      const answer = await api.post('/api/admin/topology/changes', body, admin);
      assert.deepEqual([answer.status, answer.body.code], [409, 'topology_not_changed']);
    } finally {
      await other.close();
    }
  });
});
