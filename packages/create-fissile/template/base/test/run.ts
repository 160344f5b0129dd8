import { globSync } from 'node:fs';
import { runTestFiles, startTestServer } from '@fissile/kit/testing';
import { startProduct } from './harness/product-under-test.js';

/**
 * Runs the unit tests, and the scenarios in one process and split, with one PostgreSQL server for all, and one running
 * product for the scenarios of a topology. Usage: node dist/test/run.js, or with the names of some of these runs.
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

async function runIn(topology: string, files: readonly string[]): Promise<number> {
  const product = await startProduct(topology);
  try {
    return await runTestFiles(files, {
      env: { TEST_TOPOLOGY: topology, TEST_PRODUCT: product.handover },
    });
  } finally {
    await product.close();
  }
}

const server = await startTestServer();
process.env['TEST_DATABASE_URL'] = server.url;
try {
  for (const [name, run] of Object.entries<{ files: string; topology?: string }>(RUNS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    // Found by the sources, so that what was compiled from a deleted test does not run.
    const files = globSync(run.files).map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
    if (files.length === 0) continue;
    console.log(`\n${name}`);
    const failed = await (run.topology === undefined ? runTestFiles(files) : runIn(run.topology, files));
    process.exitCode = failed || process.exitCode;
  }
} finally {
  await server.stop();
}
