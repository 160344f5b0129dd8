import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type BucketState, takeToken } from './token-bucket.js';

const limit = { rate: 10, burst: 3 };

describe('A token bucket', () => {
  it('allows a burst, then refuses and says when the next token comes', () => {
    let state: BucketState | undefined;
    for (const remaining of [2, 1, 0]) {
      const step = takeToken(state, limit, 1_000);
      assert.deepEqual([step.taken.allowed, step.taken.remaining], [true, remaining]);
      state = step.state;
    }
    const { taken } = takeToken(state, limit, 1_000);
    assert.equal(taken.allowed, false);
    assert.equal(taken.retryAfter, 0.1);
    assert.equal(taken.fullAfter, 0.3);
  });

  it('fills at its rate, up to the burst', () => {
    const empty = { tokens: 0, at: 0 };
    assert.equal(takeToken(empty, limit, 100).taken.allowed, true);
    assert.equal(takeToken(empty, limit, 99).taken.allowed, false);
    assert.equal(takeToken(empty, limit, 3_600_000).taken.remaining, 2);
  });

  it('a clock that goes back neither fills nor empties it', () => {
    assert.equal(takeToken({ tokens: 2, at: 5_000 }, limit, 1_000).taken.remaining, 1);
  });

  it('never allows more than the burst and what has flowed in since', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 200 }), (pauses) => {
        let state: BucketState | undefined;
        let now = 0;
        let allowed = 0;
        for (const pause of pauses) {
          now += pause;
          const step = takeToken(state, limit, now);
          state = step.state;
          if (step.taken.allowed) allowed += 1;
        }
        assert.ok(allowed <= limit.burst + (now / 1000) * limit.rate + 1e-6);
      }),
    );
  });
});
