import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { CHANGE_TIMEOUT_MS } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

describe('The placement in the console', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;
  let page: Page;
  /** What the page asked for and did not get. */
  const failed: string[] = [];

  before(async () => {
    [shop, browser] = await Promise.all([
      Shop.start({ env: { TOPOLOGY: 'monolith', EVENT_BUS: 'direct' } }),
      openBrowser(),
    ]);
    page = await browser.newPage({ baseURL: shop.url });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto('/console');
    await signInAt(page, ADMIN);
    await page.getByText('The process serves.').waitFor();
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    page.on('pageerror', ({ message }) => failed.push(message));
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();
  const choice = (): Locator => page.getByLabel('Apply a topology');

  /** Until the page says so. */
  const isDone = (what: string): Promise<void> =>
    page
      .getByRole('status')
      .filter({ hasText: `${what}: drained` })
      .waitFor({ timeout: CHANGE_TIMEOUT_MS });

  const box = (process: string, says: RegExp): Promise<void> =>
    page
      .locator('.frame')
      .filter({ hasText: new RegExp(`^${process}`) })
      .filter({ hasText: says })
      .waitFor();

  it('offers the topologies that it is not yet', async () => {
    assert.deepEqual(await choice().getByRole('option').allTextContents(), [
      'monolith (as it is now)',
      'split',
      'edge-core',
      'order-path',
    ]);
  });

  it('applies one when its button is pressed twice', async () => {
    await choice().selectOption('edge-core');
    await press('Apply edge-core…');
    await press('Apply edge-core: processes start and stop');
    await isDone('apply edge-core');
    await page.getByRole('heading', { level: 1, name: 'Topology: edge-core' }).waitFor();
    await box('monolith', /ready.*pid \d+$/);
    await box('core', /ready.*pid \d+$/);
    assert.equal(await page.locator('.frame').count(), 2);
    await page.getByRole('row', { name: /^payments core / }).waitFor();
    await choice().getByRole('option', { name: 'edge-core (as it is now)' }).waitFor({ state: 'attached' });
  });

  it('applies none while a change is under way', async () => {
    await page.route('**/api/admin/topology', async (route) => {
      const response = await route.fetch();
      const topology = await response.json();
      topology.placement.change.endedAt = null;
      await route.fulfill({ response, json: topology });
    });
    await page.getByRole('button', { name: 'Roll back' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Apply / }).isDisabled(), true);
    // A poll that is under way ends first.
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('button', { name: 'Roll back' }).waitFor({ state: 'detached' });
  });

  it('adds an instance, and removes it', async () => {
    await press('Add an instance of core');
    await isDone('scale core to 2');
    await box('core', /pid \d+, \d+$/);
    // It is none of the topologies now: that one can be applied again.
    await choice().getByRole('option', { name: 'edge-core', exact: true }).waitFor({ state: 'attached' });
    await press('Remove an instance of core');
    await isDone('scale core to 1');
    await box('core', /pid \d+$/);
  });

  it('stops a process, and starts it again', async () => {
    await press('Stop core…');
    await press('Stop core: what it hosts is away');
    await page
      .getByRole('alert')
      .getByText(/^core down since .*, stopped/)
      .waitFor();
    await press('Start core');
    await isDone('start core');
    await page.getByText(/^core serves again/).waitFor();
  });

  it('moves a context to a process of its own, and back', async () => {
    await press('Move notifications to a process of its own');
    await isDone('move notifications to own');
    await box('notifications', /ready.*pid \d+$/);
    await press('Move notifications to monolith');
    await isDone('move notifications to monolith');
    await page.getByRole('row', { name: /^notifications monolith / }).waitFor();
  });

  it('ends as the monolith that it was, by keyboard, and nothing has failed', async () => {
    await choice().selectOption('monolith');
    await page.getByRole('button', { name: 'Apply monolith…' }).press('Enter');
    await page.keyboard.press('Enter');
    await isDone('apply monolith');
    await page.getByRole('heading', { level: 1, name: 'Topology: monolith' }).waitFor();
    await page.locator('.frame').nth(1).waitFor({ state: 'detached' });
    assert.equal(await page.locator('.standing').getByRole('alert').textContent(), '');
    const requests = page.locator('dl.tiles > div').filter({ hasText: 'Failed/s' });
    await requests.locator('dd').filter({ hasText: /^0$/ }).waitFor();
    assert.deepEqual(failed, []);
    await expectAccessible(page);
  });
});
