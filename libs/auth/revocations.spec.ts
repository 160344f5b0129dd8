import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Revocations } from './revocations.js';

const LIFE_MS = 15 * 60_000;

describe('A revocation', () => {
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: 1_000_000_000 }));
  afterEach(() => mock.timers.reset());

  it('covers tokens that were issued until then, and the latest one counts', () => {
    const revocations = new Revocations({ ACCESS_TOKEN_MINUTES: 15 });
    const now = Date.now();
    revocations.add('a', new Date(now));
    revocations.add('a', new Date(now - 5));
    assert.equal(revocations.covers('a', now), true);
    assert.equal(revocations.covers('a', now + 1), false);
    assert.equal(revocations.covers('b', now), false);
  });

  it('is kept for as long as a token may live, and forgotten when others come after that', () => {
    const revocations = new Revocations({ ACCESS_TOKEN_MINUTES: 15 });
    const revokedAt = Date.now();
    revocations.add('a', new Date(revokedAt));
    mock.timers.tick(LIFE_MS);
    revocations.add('b', new Date());
    assert.equal(revocations.covers('a', revokedAt), true);
    mock.timers.tick(10_000);
    revocations.add('c', new Date());
    assert.equal(revocations.covers('a', revokedAt), false);
    assert.equal(revocations.covers('b', revokedAt), true);
  });
});
