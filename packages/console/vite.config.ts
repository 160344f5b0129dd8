import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** During `npm run pages` the pages are served by Vite, and what they ask for comes from a product that runs beside it. */
const PRODUCT = process.env['FISSILE_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: here('.'),
  // The client as it is written: its own build need not have been made.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: {
    // It ships with the kit.
    outDir: here('../../libs/dist/console'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // A file of its own for each: the content policy allows no inlined ones.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { console: here('console.html') } },
  },
  server: { host: '127.0.0.1', proxy: { '/api': PRODUCT, '/health': PRODUCT, '/sign-in.json': PRODUCT } },
});
