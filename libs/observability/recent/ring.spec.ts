import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ring } from './ring.js';

describe('A ring of the newest items', () => {
  it('keeps so many, newest first', () => {
    const ring = new Ring<number>({ items: 3, ageMs: 1_000 });
    for (let item = 1; item <= 7; item += 1) ring.add(item, item);
    assert.deepEqual(ring.newestFirst(7), [7, 6, 5]);
    assert.equal(ring.next, 7);
  });

  it('keeps none that is too old, whether or not others came after it', () => {
    const ring = new Ring<string>({ items: 9, ageMs: 1_000 });
    ring.add('old', 0);
    ring.add('young', 600);
    assert.deepEqual(ring.newestFirst(1_000), ['young', 'old']);
    assert.deepEqual(ring.newestFirst(1_001), ['young']);
    ring.add('new', 1_700);
    assert.deepEqual(ring.newestFirst(1_000), ['new'], 'both others were released');
  });

  it('keeps no more than its size, and nothing that is larger than that alone', () => {
    const ring = new Ring<string>({ items: 9, ageMs: 1_000, size: 10 });
    ring.add('four', 1, 4);
    ring.add('five', 2, 5);
    ring.add('two', 3, 2);
    assert.deepEqual(ring.newestFirst(3), ['two', 'five']);
    ring.add('huge', 4, 11);
    assert.deepEqual(ring.newestFirst(4), []);
    ring.add('ten', 5, 10);
    assert.deepEqual(ring.newestFirst(5), ['ten']);
  });

  it('keeps nothing when it is turned off', () => {
    const ring = new Ring<string>({ items: 0, ageMs: 1_000, size: 10 });
    ring.add('any', 1, 1);
    assert.deepEqual(ring.newestFirst(1), []);
  });
});
