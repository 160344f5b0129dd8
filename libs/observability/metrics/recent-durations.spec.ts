import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentDurations } from './recent-durations.js';

describe('The durations of the last requests', () => {
  it('are those that ended within the time, and no older ones', () => {
    const durations = new RecentDurations();
    durations.add('/old', 1, 0);
    durations.add('/one', 2, 9_000);
    durations.add('/other', 3, 10_000);
    assert.deepEqual(durations.within(5, 10_000), [
      { endpoint: '/one', seconds: 2 },
      { endpoint: '/other', seconds: 3 },
    ]);
  });

  it('are as many of the latest as are kept', () => {
    const durations = new RecentDurations();
    for (let count = 0; count < 20_000; count += 1) durations.add('/one', count, count);
    const kept = durations.within(60, 20_000).map(({ seconds }) => seconds);
    assert.equal(kept.length, 8_192);
    assert.equal(Math.min(...kept), 20_000 - 8_192);
  });
});
