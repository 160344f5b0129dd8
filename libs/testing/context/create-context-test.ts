import type { ContextTest } from './context-test.js';
import type { ContextTestOptions } from './context-test-parts.js';

/** Starts one context of a product with the others faked; close it in the end. */
export async function createContextTest(options: ContextTestOptions): Promise<ContextTest> {
  // Loaded here, since most tests need no server.
  const { ContextTest } = await import('./context-test.js');
  return ContextTest.start(options);
}
