import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { percentile, ratioOf, roundOf, spreadOf } from './figures.js';

describe('The figures of the benchmark', () => {
  it('take the smallest value that so large a share does not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    assert.deepEqual(
      [percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([7], 0.99)],
      [50, 99, 7],
    );
  });

  it('give answers per second, milliseconds, and microseconds of CPU for each answer', () => {
    const served = { count: 4, seconds: 2, latencies: [1, 2, 3, 9], clientCpuSeconds: 0.0004 };
    assert.deepEqual(roundOf(served, { cpuSeconds: 0.002, peakMemory: 90 }), {
      throughput: 2,
      p50: 2,
      p99: 9,
      cpu: 500,
      memory: 90,
      clientCpu: 100,
    });
  });

  it('compare round with round, and not the best with the worst', () => {
    const round = (throughput: number) => ({ throughput, p50: 1, p99: 1, cpu: 1, memory: 1, clientCpu: 1 });
    const ratio = ratioOf([round(100), round(20)], [round(50), round(10)], 'throughput');
    assert.deepEqual(ratio, { min: 2, median: 2, max: 2 });
    assert.deepEqual(spreadOf([3, 1, 2]), { min: 1, median: 2, max: 3 });
  });
});
