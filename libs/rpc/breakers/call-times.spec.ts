import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BreakerSettings } from './breaker.settings.js';
import { CallTimes } from './call-times.js';

describe('The time that a call to another process may take', () => {
  const settings = { BREAKER_ENABLED: true, BREAKER_TIMEOUT_MS: 1_000, BREAKER_TIMEOUTS: [] as string[] };
  const times = new CallTimes(settings as unknown as BreakerSettings);
  const hold = { context: 'beta', name: 'hold', longRunning: false } as const;
  const settle = { context: 'gamma', name: 'settle', longRunning: true } as const;

  it('is the same for all, but for methods that may take long', () => {
    assert.equal(times.of(hold), 1_000);
    assert.equal(times.of(settle), Infinity);
  });

  it('is what the settings say of a context, and first of a method, while the process runs', () => {
    settings.BREAKER_TIMEOUTS = ['beta=2000', 'beta.release=300', 'gamma.settle=4500'];
    assert.equal(times.of(hold), 2_000);
    assert.equal(times.of({ ...hold, name: 'release' }), 300);
    assert.equal(times.of(settle), 4_500);
    settings.BREAKER_TIMEOUTS = [];
    assert.equal(times.of(hold), 1_000);
  });

  it('is not bounded where there are no breakers', () => {
    settings.BREAKER_ENABLED = false;
    assert.equal(times.of(hold), Infinity);
  });
});
