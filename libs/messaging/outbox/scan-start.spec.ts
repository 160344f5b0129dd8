import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScanStart } from './scan-start.js';

describe('A look through the outbox', () => {
  it('begins where all had been seen two whole looks ago, and every half minute at the start', () => {
    let now = 0;
    const start = new ScanStart(() => now);
    assert.equal(start.next(false), 0);
    start.saw(100);
    now = 29_999;
    assert.equal(start.next(false), 0);
    now = 30_000;
    assert.equal(start.next(false), 0, 'a whole one');
    start.saw(200);
    now = 59_999;
    assert.equal(start.next(false), 0, 'what was written with the first 100 may not be committed yet');
    now = 60_000;
    assert.equal(start.next(false), 0, 'a whole one');
    assert.equal(start.next(false), 100);
    now = 90_000;
    assert.equal(start.next(false), 0, 'a whole one');
    assert.equal(start.next(false), 200);
  });

  it('begins at the start while events wait', () => {
    let now = 0;
    const start = new ScanStart(() => now);
    start.saw(100);
    for (now = 0; now <= 90_000; now += 30_000) start.next(false);
    assert.equal(start.next(true), 0);
    assert.equal(start.next(false), 100);
  });
});
