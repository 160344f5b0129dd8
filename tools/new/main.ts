import { execFileSync } from 'node:child_process';
import { namesOf } from './context-names.js';
import { contextFiles, registrations, writeFiles } from './project-files.js';

/**
 * Generates a new bounded context: app, contract, database, tests and its entry in every topology.
 * Usage: npm run new -- context returns [return]
 */
const USAGE =
  'usage: npm run new -- context <plural> [<one of them>], such as: npm run new -- context parcels';

function run(): void {
  const [kind, plural, singular] = process.argv.slice(2);
  if (kind !== 'context' || plural === undefined) throw new Error(USAGE);
  const names = namesOf(plural, singular);
  const root = process.cwd();
  // All or nothing: a context that cannot be registered must leave no file behind.
  const files = contextFiles(root, names, Date.now());
  const listings = registrations(root, names);
  writeFiles(root, [...files, ...listings]);
  const written = files.map(({ path }) => path);
  const changed = listings.map(({ path }) => path);
  execFileSync('node_modules/.bin/buf', ['generate'], { stdio: 'inherit' });
  execFileSync(
    'node_modules/.bin/prettier',
    ['--write', '--log-level', 'warn', ...written.filter(isFormatted), ...changed.filter(isFormatted)],
    {
      stdio: 'inherit',
    },
  );
  console.log(`\n  New:     ${written.join('\n           ')}`);
  console.log(`  Changed: ${changed.join('\n           ')}`);
  console.log(
    `\n  Next: npm run client (it takes the new routes), npm test, then docs/guides/add-a-context.md\n`,
  );
}

function isFormatted(path: string): boolean {
  return /\.(ts|json|ya?ml)$/.test(path);
}

try {
  run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
