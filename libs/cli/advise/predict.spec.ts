import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Measured } from './measured.js';
import { AS_NOW, type Partition } from './placements.js';
import { predict, type Prediction } from './predict.js';
import type { UnitCosts } from './unit-costs.js';

/** 100 requests a second to alpha, each of which calls beta twice; gamma hears of them, and asks beta. */
const MEASURED: Measured = {
  seconds: 10,
  topology: 'monolith',
  processes: [
    {
      name: 'gateway',
      hosts: ['gateway', 'alpha', 'beta', 'gamma'],
      instances: 1,
      cpu: 0.2,
      residentBytes: 300,
      databaseConnections: 12,
    },
  ],
  contexts: [
    { name: 'alpha', requestsPerSecond: 100 },
    { name: 'beta', requestsPerSecond: 0 },
    { name: 'gamma', requestsPerSecond: 0 },
  ],
  requestsPerSecond: 100,
  medianMs: 5,
  calls: [
    { from: 'alpha', to: 'beta', perSecond: 200, bytes: 2_000 },
    { from: 'gamma', to: 'beta', perSecond: 100, bytes: null },
  ],
  events: [{ from: 'alpha', to: 'gamma', perSecond: 100, bytes: null }],
};

const COSTS: UnitCosts = {
  transport: 'grpc',
  calls: [{ perSecond: 100, cpuMicros: 300, latencyMs: 0.5 }],
  cpuMicrosPerKilobyte: 10,
  proxied: [{ perSecond: 100, cpuMicros: 500, latencyMs: 1 }],
  process: { residentBytes: 80, idleCpu: 0.01 },
};

const TOGETHER: Partition = [['gateway', 'alpha', 'beta', 'gamma']];

function predicted(partition: Partition, measured = MEASURED): Prediction {
  return predict({ label: 'it', partition }, measured, COSTS);
}

/** As it would be if the product ran like this. */
function runningAs(partition: Partition, cpu: number, medianMs: number): Measured {
  const processes = partition.map((hosts) => ({
    name: String(hosts[0]),
    hosts,
    instances: 1,
    cpu: cpu / partition.length,
    residentBytes: 100,
    databaseConnections: 4,
  }));
  return { ...MEASURED, processes, medianMs };
}

describe('The prediction of a placement', () => {
  it('is what was measured, for the placement of now', () => {
    const { cpuMicros, medianMs, residentBytes, connections, failures, gains } = predict(
      { label: AS_NOW, partition: TOGETHER },
      MEASURED,
      COSTS,
    );
    assert.equal(cpuMicros, 2_000);
    assert.equal(medianMs, 5);
    assert.equal(residentBytes, 300);
    assert.deepEqual(connections, { database: 12, processes: 0 });
    assert.deepEqual([failures, gains], [[], []]);
  });

  it('adds what calls that leave the process cost, their bytes, and the process itself', () => {
    const { cpuMicros, residentBytes, connections } = predicted([['gateway', 'alpha', 'gamma'], ['beta']]);
    // 300 calls, 200 of them of two kilobytes, and 1 % of a processor, for 100 requests.
    assert.equal(cpuMicros, 2_000 + 3 * 300 + 2 * 2 * 10 + 100);
    assert.equal(residentBytes, 380);
    assert.deepEqual(connections, { database: 12, processes: 1 });
  });

  it('adds time for what a client waits for, and none for what only follows from events', () => {
    assert.equal(predicted([['gateway', 'alpha', 'gamma'], ['beta']]).medianMs, 5 + 2 * 0.5);
    assert.equal(predicted([['gateway', 'alpha', 'beta'], ['gamma']]).medianMs, 5);
  });

  it('adds a call for each event, and a request that is passed on for each to a context apart', () => {
    const ofGamma = predicted([['gateway', 'alpha', 'beta'], ['gamma']]);
    assert.equal(ofGamma.cpuMicros, 2_000 + 300 + 300 + 100);
    const ofAlpha = predicted([['gateway', 'beta', 'gamma'], ['alpha']]);
    assert.equal(ofAlpha.cpuMicros, 2_000 + 500 + 2 * 300 + 2 * 2 * 10 + 300 + 100);
    assert.equal(ofAlpha.medianMs, 5 + 1 + 2 * 0.5);
  });

  it('takes off again what a merge saves', () => {
    const apart: Partition = [['gateway', 'alpha', 'gamma'], ['beta']];
    const { cpuMicros, medianMs } = predicted(apart);
    const merged = predicted(TOGETHER, runningAs(apart, cpuMicros / 10_000, medianMs ?? 0));
    assert.ok(Math.abs(merged.cpuMicros - 2_000) < 0.001);
    assert.equal(merged.medianMs, 5);
    assert.equal(merged.residentBytes, 200 - 80);
  });

  it('names who can be without whom, and what stands alone', () => {
    const { failures, gains } = predicted([['gateway', 'alpha', 'gamma'], ['beta']]);
    assert.deepEqual(failures, ['alpha, gamma can be without beta']);
    assert.deepEqual(gains, ['beta crashes, scales and is deployed by itself']);
  });
});
