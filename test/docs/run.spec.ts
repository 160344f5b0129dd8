import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Shop } from '../harness/shop.js';
import { commandBlocksOf } from './markdown.js';
import { runBlocks } from './run-blocks.js';

/** Run in this order, since a reader begins with the first. */
const PAGES = ['docs/quick-start.md', 'README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md').sort()];

const toRun = [...new Set(PAGES)]
  .map((page) => ({ page, blocks: commandBlocksOf(page, readFileSync(page, 'utf8')) }))
  .map(({ page, blocks }) => ({ page, blocks: blocks.filter(({ notRun }) => notRun === undefined) }))
  .filter(({ blocks }) => blocks.length > 0);

// Every block runs against one shop, unless a comment before it says why not: <!-- not run: it needs Docker -->
describe('The commands of the pages, run as they are printed', () => {
  let shop: Shop;

  before(async () => {
    shop = await Shop.start({ env: { TOPOLOGY: 'split', ADMIN_EMAIL: '', ADMIN_PASSWORD: '' } });
  });

  after(() => shop.close());

  for (const { page, blocks } of toRun) {
    it(`work: ${page}, ${blocks.length} of them`, async () => {
      const { code, output } = await runBlocks(blocks, shop);
      assert.equal(code, 0, output);
      assert.doesNotMatch(output, /"status":[45]\d\d\b/, output);
      if (page === 'docs/quick-start.md')
        assert.equal(output.match(/"status":"confirmed"/g)?.length, 2, output);
    });
  }

  it('are those of the quick start, and more', () => {
    assert.equal(toRun[0]?.page, 'docs/quick-start.md');
    assert.ok(toRun.length > 2);
  });
});
