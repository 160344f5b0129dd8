import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { candidatesFrom, keyOf, type Partition } from './placements.js';

describe('The placements that are judged', () => {
  const labels = (now: Partition, declared: Record<string, Partition> = {}): string[] =>
    candidatesFrom(now, new Map(Object.entries(declared))).map(({ label }) => label);

  it('are each context apart, where all are together', () => {
    assert.deepEqual(labels([['gateway', 'alpha', 'beta']]), ['as now', 'alpha apart', 'beta apart']);
  });

  it('are each two processes as one, where they are apart', () => {
    assert.deepEqual(labels([['gateway'], ['alpha'], ['beta']]), [
      'as now',
      'gateway with alpha',
      'gateway with beta',
      'alpha with beta',
      'monolith',
    ]);
  });

  it('are the topologies that are declared, by their names', () => {
    const split = [['gateway'], ['alpha'], ['beta']];
    assert.deepEqual(labels([['gateway', 'alpha'], ['beta']], { split }), [
      'as now',
      'alpha apart',
      'gateway+alpha with beta',
      'split',
    ]);
  });

  it('put each component into one process', () => {
    const now = [
      ['gateway', 'alpha'],
      ['beta', 'gamma'],
    ];
    for (const { partition } of candidatesFrom(now, new Map())) {
      assert.deepEqual(partition.flat().toSorted(), ['alpha', 'beta', 'gamma', 'gateway']);
    }
  });

  it('are the same in whatever order they are written', () => {
    assert.equal(keyOf([['alpha', 'gateway'], ['beta']]), keyOf([['beta'], ['gateway', 'alpha']]));
  });
});
