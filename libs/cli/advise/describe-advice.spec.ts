import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeAdvice } from './describe-advice.js';
import type { Prediction } from './predict.js';

const MEBIBYTE = 1024 * 1024;

function prediction(label: string, processes: number, cpuMicros: number): Prediction {
  return {
    label,
    partition: [],
    processes,
    cpuMicros,
    medianMs: 4.5,
    residentBytes: processes * 100 * MEBIBYTE,
    connections: { database: 12, processes: processes - 1 },
    failures: processes > 1 ? ['alpha can be without beta'] : [],
    gains: processes > 1 ? ['beta crashes, scales and is deployed by itself'] : [],
  };
}

describe('The advice in words', () => {
  const text = describeAdvice({
    measured: {
      seconds: 20,
      topology: 'monolith',
      processes: [
        {
          name: 'gateway',
          hosts: ['gateway', 'alpha', 'beta'],
          instances: 1,
          cpu: 0.2,
          residentBytes: 0,
          databaseConnections: 12,
        },
      ],
      contexts: [],
      requestsPerSecond: 50,
      medianMs: 4.5,
      calls: [],
      events: [],
    },
    costs: {
      transport: 'tcp',
      calls: [{ perSecond: 10, cpuMicros: 300, latencyMs: 0.4 }],
      cpuMicrosPerKilobyte: 2,
      proxied: [],
      process: { residentBytes: 80 * MEBIBYTE, idleCpu: 0.004 },
    },
    predictions: [prediction('as now', 1, 4_000), prediction('beta apart', 2, 5_000)],
    advice: { label: 'as now', change: 'none', reason: 'Do not split: it has time.' },
  });

  it('has what was measured, a line for each placement, and the reason', () => {
    assert.match(
      text,
      /^measured for 20 s: 50\.0 requests\/s, 20 % of a processor, 1 process \(monolith\)$/m,
    );
    assert.match(text, /a call over tcp takes 300 µs of CPU and 0\.40 ms more than within a process/);
    assert.match(text, /^as now +1 +4000 +4\.5 +100 +12 +0$/m);
    assert.match(text, /^beta apart +2 +5000 +\+25 % +4\.5 +200 +12 +1$/m);
    assert.match(
      text,
      /^beta apart: can fail more: alpha can be without beta\. Gained: beta crashes, scales and is deployed by itself\.$/m,
    );
    assert.match(text, /advice: as now\nDo not split: it has time\.$/);
  });
});
