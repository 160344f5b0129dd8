import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Json } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

const ADVICE = '/api/admin/advice';
const ADVISED = /^(Leave it as it is|Run more instances)$/;

describe('The advice in the console', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let api: Api;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [shop, browser] = await Promise.all([
      Shop.start({ env: { TOPOLOGY: 'monolith', ACCESS_TOKEN_MINUTES: '5' } }),
      openBrowser(),
    ]);
    api = new Api(shop);
    page = await browser.newPage({ baseURL: shop.url });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto('/console');
    await signInAt(page, ADMIN);
    await page.getByRole('link', { name: 'What a split or a merge would cost' }).click();
    await page.getByRole('heading', { level: 1, name: 'Advice' }).waitFor();
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  /** Reads the catalogue again and again, until the work is done. */
  async function underLoad(work: () => Promise<void>): Promise<void> {
    let isOver = false;
    const client = async (): Promise<void> => {
      while (!isOver) await api.get('/api/products');
    };
    const load = Promise.all([client(), client(), client(), client()]);
    await work().finally(() => (isOver = true));
    await load;
  }

  const runNow = async (token: string): Promise<Json> => (await api.get(ADVICE, token)).body.run;

  it('says that there is too little load to judge by', async () => {
    await page.getByText('Nothing has been measured yet.').waitFor();
    const { status } = await api.post(ADVICE, { seconds: 1, costSeconds: 1 }, await api.admin());
    assert.equal(status, 202);
    await page.reload();
    await page.getByText(/requests in 1 s are too few to judge by: expected 100/).waitFor();
  });

  it('names the fields that are wrong', async () => {
    const { status, body } = await api.post(ADVICE, { seconds: 0, costSeconds: 'many' }, await api.admin());
    assert.equal(status, 400);
    assert.deepEqual(
      body.errors.map(({ path }: { path: string }) => path),
      ['seconds', 'costSeconds'],
    );
  });

  it('is not begun with a token that ends before it', async () => {
    const { status, body } = await api.post(ADVICE, { seconds: 300 }, await api.admin());
    assert.equal(status, 401);
    assert.match(body.detail, /an access token that is good for 330 s more/);
  });

  it('shows what each placement would cost, and what is advised', async () => {
    const token = await api.admin();
    await underLoad(async () => {
      await api.post(ADVICE, { seconds: 8, costSeconds: 4 }, token);
      await until('the product is measured', async () => {
        const { step, endedAt } = await runNow(token);
        return endedAt !== null || !/^(starts$|measures)/.test(step);
      });
    });
    const isOver = async (): Promise<boolean> => (await runNow(token)).endedAt !== null;
    await until('the costs are measured', isOver, 180_000);
    assert.equal((await runNow(token)).error, null);
    await page.reload();
    // Which of both depends on how fast the machine is.
    await page.getByRole('heading', { level: 2, name: ADVISED }).waitFor();
    await page.getByText(/Do not split: .* of a processor|run more instances of it/).waitFor();
    await page.getByRole('row', { name: /^as now advised / }).waitFor();
    await page.getByRole('row', { name: /^products apart .*\(\+.* %\)/ }).waitFor();
    await page.getByText(/^products apart: .*Gained: products crashes, scales/).waitFor();
    await page.getByRole('row', { name: /^split / }).waitFor();
    await expectAccessible(page);
  });

  it('measures when it is asked to, and ends when it is cancelled', async () => {
    await page.getByLabel('Measure the product for').selectOption('1 min');
    await page.getByRole('button', { name: 'Measure' }).click();
    await page.getByText(/measures the product for 60 s/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Measure' }).isDisabled(), true);
    const second = await api.post(ADVICE, {}, await api.admin());
    assert.deepEqual([second.status, second.body.code], [409, 'advice_refused']);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('It was cancelled').waitFor();
    await page.getByRole('heading', { level: 2, name: ADVISED }).waitFor();
  });
});
