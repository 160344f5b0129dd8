import { globSync } from 'node:fs';
import { runTestFiles, startTestServer } from '@fissile/kit/testing';

/**
 * Runs the unit tests, and the scenarios in one process and split, with one PostgreSQL server for all.
 * Usage: node dist/test/run.js, or with the names of some of these runs.
 */
const RUNS = {
  unit: { files: '{apps,contracts}/**/*.spec.ts' },
  monolith: { files: 'test/scenarios/*.spec.ts', topology: 'monolith' },
  split: { files: 'test/scenarios/*.spec.ts', topology: 'split' },
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in RUNS));
if (unknown.length > 0) {
  throw new Error(`unknown: ${unknown.join(', ')}; expected some of: ${Object.keys(RUNS).join(', ')}`);
}
const server = await startTestServer();
try {
  for (const [name, run] of Object.entries<{ files: string; topology?: string }>(RUNS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    // Found by the sources, so that what was compiled from a deleted test does not run.
    const files = globSync(run.files).map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
    if (files.length === 0) continue;
    console.log(`\n${name}`);
    const env = {
      TEST_DATABASE_URL: server.url,
      ...(run.topology !== undefined && { TEST_TOPOLOGY: run.topology }),
    };
    process.exitCode = (await runTestFiles(files, { env })) || process.exitCode;
  }
} finally {
  await server.stop();
}
