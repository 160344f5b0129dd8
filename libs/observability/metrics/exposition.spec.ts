import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gauge, register } from 'prom-client';
import { exposeMetrics } from './exposition.js';

describe('The metrics of a process', () => {
  it('are collected once for all who ask at the same time', async () => {
    let collected = 0;
    new Gauge({ name: 'collected_once', help: 'A test', collect: () => void (collected += 1) });
    try {
      const [one, ...others] = await Promise.all(Array.from({ length: 100 }, () => exposeMetrics('')));
      assert.match(one?.text ?? '', /^collected_once /m);
      assert.ok(others.every((other) => other === one));
      assert.equal(collected, 1);
      await exposeMetrics('');
      assert.equal(collected, 2, 'and again for those who ask afterwards');
    } finally {
      register.removeSingleMetric('collected_once');
    }
  });
});
