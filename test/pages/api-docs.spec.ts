import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';
import { ADMIN } from '../harness/shop.js';

describe('Swagger UI', { skip: !hasBrowser() }, () => {
  let shop: SharedShop;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [shop, browser] = await Promise.all([sharedShop(), openBrowser()]);
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${shop.url}/docs`);
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  it('says what each group of routes is for', async () => {
    await page.getByText('Whether a process is well: what an orchestrator probes, and its metrics').waitFor();
    await page.getByText('Orders: placed, cancelled, shipped and returned').waitFor();
  });

  it('shows why a sign-in was refused', async () => {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.getByRole('textbox', { name: 'Email' }).fill(ADMIN.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The email or the password is wrong').waitFor();
  });

  it('signs in by email and password, and keeps the token in the memory of the page alone', async () => {
    await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
    await page.getByRole('textbox', { name: 'Password' }).press('Enter');
    await page.locator('.modal-ux').getByRole('button', { name: 'Remove authorization' }).waitFor();
    await page.locator('.btn-done').click();
    const me = page.locator('#operations-Users-Users_me');
    await me.locator('.opblock-summary-control').click();
    await me.getByRole('button', { name: 'Try it out' }).click();
    await me.getByRole('button', { name: 'Execute' }).click();
    await me.locator('.live-responses-table').getByText(ADMIN.email).waitFor();
    const kept = await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');
    assert.deepEqual(kept, [0, 0, '']);
  });
});
