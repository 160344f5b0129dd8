import { npmCommand, read } from '../../tools/command-line/command-line.js';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ComposedShop } from './composed-shop.js';
import { Engine } from './engine.js';

read(npmCommand('test:compose', 'Starts the shop of docker-compose.yml, and tries it.'));

/**
 * Starts the shop of docker-compose.yml in one process, and then on the same data as several; places orders,
 * reconciles the books, and verifies that every process ends gracefully. It leaves only the images behind. SHOP_PORT
 * sets its port during the run, instead of 3000.
 * Usage: npm run test:compose
 */
const apps = readdirSync('apps');
const shop = new ComposedShop(Engine.fromEnvironment());

async function tryProfile(profile: string): Promise<void> {
  try {
    await shop.start(profile);
    for (const tool of ['demo', 'reconcile']) console.log(await shop.run(tool));
  } catch (error) {
    await shop.logsOf(profile);
    throw error;
  }
  const expected = apps.filter((app) => (app === 'monolith') === (profile === 'monolith'));
  const endings = (await shop.stop(profile)).filter(([service]) => apps.includes(service));
  assert.deepEqual(endings.sort(), expected.map((app) => [app, '0']).sort(), 'each ends in order');
  console.log(`  ✔ ${profile}`);
}

try {
  for (const profile of ['monolith', 'split']) await tryProfile(profile);
} finally {
  await shop.remove();
}
