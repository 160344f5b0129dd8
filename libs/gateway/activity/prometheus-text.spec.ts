import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSamples, sumOf } from './prometheus-text.js';

const TEXT = `
# HELP calls Calls
# TYPE calls histogram
calls_count{context="alpha",code="ok"} 3
calls_count{context="alpha",code="unavailable"} 1
calls_count{context="beta",code="ok"} 8.5e+1
process_start_time_seconds 1790000000
other_total{context="alpha"} 7
`;

describe('An exposition', () => {
  const samples = readSamples(TEXT, new Set(['calls_count', 'process_start_time_seconds']));

  it('is read as far as wanted', () => {
    assert.equal(samples.length, 4);
    assert.deepEqual(samples[2], {
      name: 'calls_count',
      labels: { context: 'beta', code: 'ok' },
      value: 85,
    });
  });

  it('is added up by label', () => {
    assert.equal(sumOf(samples, { name: 'calls_count' }), 89);
    assert.equal(sumOf(samples, { name: 'calls_count', labels: { context: 'alpha' } }), 4);
    assert.equal(sumOf(samples, { name: 'calls_count', where: ({ code }) => code !== 'ok' }), 1);
    assert.equal(sumOf(samples, { name: 'process_start_time_seconds' }), 1_790_000_000);
    assert.equal(sumOf(samples, { name: 'other_total' }), undefined);
  });
});
