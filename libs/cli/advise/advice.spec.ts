import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Advice, adviseOn } from './advice.js';
import type { Measured, MeasuredProcess } from './measured.js';
import { candidatesFrom } from './placements.js';
import { predict } from './predict.js';
import type { UnitCosts } from './unit-costs.js';

const COSTS: UnitCosts = {
  transport: 'grpc',
  calls: [{ perSecond: 100, cpuMicros: 500, latencyMs: 0.5 }],
  cpuMicrosPerKilobyte: 0,
  proxied: [{ perSecond: 100, cpuMicros: 500, latencyMs: 1 }],
  process: { residentBytes: 80, idleCpu: 0.01 },
};

function process(name: string, hosts: readonly string[], cpu: number, instances = 1): MeasuredProcess {
  return { name, hosts, instances, cpu, residentBytes: 100, databaseConnections: 4 };
}

/** A product whose alpha answers 100 requests a second, and calls beta for each. */
function advise(...processes: readonly MeasuredProcess[]): Advice {
  const measured: Measured = {
    seconds: 10,
    topology: 'some',
    processes,
    contexts: [{ name: 'alpha', requestsPerSecond: 100 }],
    requestsPerSecond: 100,
    medianMs: 5,
    calls: [{ from: 'alpha', to: 'beta', perSecond: 100, bytes: null }],
    events: [],
  };
  const candidates = candidatesFrom(
    processes.map(({ hosts }) => hosts),
    new Map(),
  );
  return adviseOn(
    measured,
    candidates.map((candidate) => predict(candidate, measured, COSTS)),
  );
}

describe('The advice', () => {
  it('is not to split a process that has time, with the price of the cheapest split', () => {
    const { label, change, reason } = advise(process('gateway', ['gateway', 'alpha', 'beta'], 0.2));
    assert.deepEqual([label, change], ['as now', 'none']);
    assert.match(
      reason,
      /^Do not split: the busiest process uses 20 % of a processor, and the cheapest split, beta apart, costs 30 % more CPU for a request and 0\.5 ms/,
    );
  });

  it('is to merge processes that have time together, where that saves', () => {
    const { label, change, reason } = advise(
      process('gateway', ['gateway', 'alpha'], 0.2),
      process('beta', ['beta'], 0.1),
    );
    assert.deepEqual([label, change], ['gateway+alpha with beta', 'merge']);
    assert.match(reason, /gateway\+alpha and beta then crash, scale and are deployed together/);
  });

  it('is to leave apart what would be too busy together, or has several instances', () => {
    const both = advise(process('gateway', ['gateway', 'alpha'], 0.4), process('beta', ['beta'], 0.4));
    assert.equal(both.change, 'none');
    const many = advise(process('gateway', ['gateway', 'alpha'], 0.2), process('beta', ['beta'], 0.1, 2));
    assert.equal(many.change, 'none');
  });

  it('is to run more instances of a process that is busy', () => {
    const { label, change, reason } = advise(process('gateway', ['gateway', 'alpha', 'beta'], 0.9));
    assert.deepEqual([label, change], ['as now', 'more instances']);
    assert.match(reason, /^gateway uses 90 % of a processor: run more instances of it/);
  });
});
