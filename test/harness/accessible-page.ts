import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

const SCHEMES = ['light', 'dark'] as const;
const NARROW = { width: 390, height: 800 };

/** Expects no violation from axe, light and dark, and no overflow on a narrow screen. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    // There are no frames, for which axe would open a page of its own.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    // The other rules check what is the same in both.
    if (colorScheme === 'dark') axe.withRules(['color-contrast']);
    const { violations } = await axe.analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    assert.deepEqual(found, [], `${page.url()} in ${colorScheme}`);
  }
  const size = page.viewportSize();
  await page.setViewportSize(NARROW);
  const width = await page.evaluate('document.documentElement.scrollWidth');
  assert.equal(width, NARROW.width, `${page.url()} on a narrow screen`);
  if (size) await page.setViewportSize(size);
}
