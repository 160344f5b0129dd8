import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costAt } from './unit-costs.js';

describe('The cost of a call', () => {
  const costs = [
    { perSecond: 100, cpuMicros: 200, latencyMs: 0.4 },
    { perSecond: 10, cpuMicros: 400, latencyMs: 0.8 },
  ];

  it('is that of the nearest rate that was measured, outside of them', () => {
    assert.deepEqual(costAt(costs, 1), { cpuMicros: 400, latencyMs: 0.8 });
    assert.deepEqual(costAt(costs, 1_000), { cpuMicros: 200, latencyMs: 0.4 });
  });

  it('is between those of two rates, by the logarithm', () => {
    const { cpuMicros, latencyMs } = costAt(costs, Math.sqrt(1_000));
    assert.ok(Math.abs(cpuMicros - 300) < 0.001);
    assert.ok(Math.abs(latencyMs - 0.6) < 0.001);
  });
});
