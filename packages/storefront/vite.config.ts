import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** During `npm run pages` the page is served by Vite, and what it asks for comes from a shop that runs beside it. */
const SHOP = process.env['FISSILE_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: here('.'),
  // The client as it is written: its own build need not have been made.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: {
    outDir: here('../../dist/packages/storefront'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // A file of its own for each: the content policy allows no inlined ones.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { shop: here('shop.html'), account: here('account.html'), demo: here('demo.html') },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': SHOP, '/health': SHOP } },
});
