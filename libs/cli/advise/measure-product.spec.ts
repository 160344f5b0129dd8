import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ActivityView, compare, type TopologyView } from './measure-product.js';

const TOPOLOGY = {
  topology: 'two',
  processes: [
    { name: 'edge', hosts: ['gateway', 'alpha'] },
    { name: 'rest', hosts: ['beta'] },
  ],
} as unknown as TopologyView;

interface Counters {
  readonly cpu: number;
  readonly requests: number;
  readonly calls: number;
  readonly deliveries: number;
  readonly up: number;
}

function activity(at: string, { cpu, requests, calls, deliveries, up }: Counters): ActivityView {
  const instance = (id: string) => ({
    id,
    isKnown: true,
    upSeconds: up,
    residentBytes: 1_000,
    cpuSeconds: cpu,
    requests,
    failedRequests: 0,
    databaseConnections: 3,
  });
  return {
    at,
    processes: [
      { name: 'edge', instances: [instance('edge-1')] },
      { name: 'rest', instances: [instance('rest-1'), instance('rest-2')] },
    ],
    medianSeconds: 0.004,
    contexts: [{ name: 'alpha', requests }],
    calls: [{ from: 'alpha', to: 'beta', calls, failedCalls: 0, callSeconds: 0, bytesPerCall: 250 }],
    events: [{ from: 'beta', to: 'alpha', deliveries }],
  } as unknown as ActivityView;
}

describe('What a product did between two looks at its activity', () => {
  const before = activity('2026-01-01T00:00:00.000Z', {
    cpu: 10,
    requests: 1_000,
    calls: 5_000,
    deliveries: 40,
    up: 100,
  });

  it('is the difference of its counters a second', () => {
    const after = activity('2026-01-01T00:00:10.000Z', {
      cpu: 12,
      requests: 1_500,
      calls: 6_000,
      deliveries: 140,
      up: 110,
    });
    const measured = compare(TOPOLOGY, before, after);
    assert.equal(measured.requestsPerSecond, 50);
    assert.equal(measured.medianMs, 4);
    assert.deepEqual(
      measured.processes.map(({ name, instances, cpu }) => [name, instances, cpu]),
      [
        ['edge', 1, 0.2],
        ['rest', 2, 0.4],
      ],
    );
    assert.deepEqual(measured.contexts, [{ name: 'alpha', requestsPerSecond: 50 }]);
    assert.deepEqual(measured.calls, [{ from: 'alpha', to: 'beta', perSecond: 100, bytes: 250 }]);
    assert.deepEqual(measured.events, [{ from: 'beta', to: 'alpha', perSecond: 10, bytes: null }]);
  });

  it('is not told of a process that was started meanwhile', () => {
    const after = activity('2026-01-01T00:00:10.000Z', {
      cpu: 1,
      requests: 10,
      calls: 6_000,
      deliveries: 140,
      up: 3,
    });
    assert.throws(() => compare(TOPOLOGY, before, after), /edge has not reported, or was started/);
  });
});
