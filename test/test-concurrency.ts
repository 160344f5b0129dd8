import { availableParallelism } from 'node:os';

/** How many test files run at a time. They wait more than they work, so two share even a small machine well. */
export const TEST_CONCURRENCY = `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`;
