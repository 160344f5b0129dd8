import { globSync } from 'node:fs';
import { runTestFiles, startTestServer } from '@fissile/kit/testing';
import { ProductUnderTest } from './harness/product-under-test.js';

/**
 * Runs the unit tests, the comparison of one process with a split, and the scenarios on both, with one PostgreSQL server and
 * one product of each kind for all. Usage: node dist/test/run.js, or with the names of some of these runs.
 */
const SCENARIOS = 'test/scenarios/*.spec.ts';
const RUNS = {
  unit: { files: '{apps,contracts}/**/*.spec.ts', topologies: [] },
  // First, on products without data.
  parity: { files: 'test/parity.spec.ts', topologies: ['monolith', 'split'] },
  monolith: { files: SCENARIOS, topologies: ['monolith'] },
  split: { files: SCENARIOS, topologies: ['split'] },
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in RUNS));
if (unknown.length > 0) {
  throw new Error(`unknown: ${unknown.join(', ')}; expected some of: ${Object.keys(RUNS).join(', ')}`);
}
const server = await startTestServer();
process.env['TEST_DATABASE_URL'] = server.url;
const products = new Map<string, ProductUnderTest>();

async function environment(topologies: readonly string[]): Promise<Record<string, string>> {
  for (const topology of topologies) {
    if (!products.has(topology)) products.set(topology, await ProductUnderTest.start(topology));
  }
  const [topology] = topologies;
  const shared = [...products].map(([name, product]) => [name, product.handover]);
  return {
    TEST_PRODUCTS: JSON.stringify(Object.fromEntries(shared)),
    ...(topology !== undefined && { TEST_TOPOLOGY: topology }),
  };
}

try {
  for (const [name, { files, topologies }] of Object.entries(RUNS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    // Found by the sources, so that what was compiled from a deleted test does not run.
    const compiled = globSync(files).map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
    if (compiled.length === 0) continue;
    console.log(`\n${name}`);
    process.exitCode =
      (await runTestFiles(compiled, { env: await environment(topologies) })) || process.exitCode;
  }
} finally {
  for (const product of products.values()) await product.close();
  await server.stop();
}
