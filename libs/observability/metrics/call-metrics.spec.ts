import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Histogram } from 'prom-client';
import { CallMetrics } from './call-metrics.js';

describe('The length of calls', () => {
  const histogram = (name: string, ...labelNames: string[]): Histogram =>
    new Histogram({ name, help: name, labelNames, registers: [] });

  it('is measured of each of several that alternate, and of few', async () => {
    const bytes = histogram('bytes', 'caller', 'context', 'method');
    const metrics = new CallMetrics(histogram('seconds'), bytes);
    let measured = 0;
    for (let count = 0; count < 61 * 8; count += 1) {
      metrics.measureSome({ caller: 'alpha', context: 'beta', method: `m${count % 8}` }, () => {
        measured += 1;
        return 100;
      });
    }
    assert.equal(measured, 8);
    const { values } = await bytes.get();
    const counted = values.filter(({ metricName, value }) => metricName === 'bytes_count' && value === 1);
    assert.deepEqual(counted.map(({ labels }) => labels['method']).toSorted(), [
      ...Array.from({ length: 8 }, (_, index) => `m${index}`),
    ]);
  });
});
