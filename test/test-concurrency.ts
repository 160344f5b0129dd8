import { availableParallelism } from 'node:os';

/**
 * How many test files run concurrently. They wait more than they compute, so two run well even on a small machine.
 */
export const TEST_CONCURRENCY = `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`;
