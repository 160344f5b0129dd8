import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BreakerSettings } from './breaker.settings.js';
import { CallTimes } from './call-times.js';

describe('The time that a call to another process may take', () => {
  const settings = { BREAKER_ENABLED: true, BREAKER_TIMEOUT_MS: 1_000, BREAKER_TIMEOUTS: [] as string[] };
  const times = new CallTimes(settings as unknown as BreakerSettings);
  const reserve = { context: 'inventory', name: 'reserve', takesLong: false } as const;
  const charge = { context: 'payments', name: 'charge', takesLong: true } as const;

  it('is the same for all, but for methods that may take long', () => {
    assert.equal(times.of(reserve), 1_000);
    assert.equal(times.of(charge), Infinity);
  });

  it('is what the settings say of a context, and first of a method, while the process runs', () => {
    settings.BREAKER_TIMEOUTS = ['inventory=2000', 'inventory.release=300', 'payments.charge=4500'];
    assert.equal(times.of(reserve), 2_000);
    assert.equal(times.of({ ...reserve, name: 'release' }), 300);
    assert.equal(times.of(charge), 4_500);
    settings.BREAKER_TIMEOUTS = [];
    assert.equal(times.of(reserve), 1_000);
  });

  it('is not bounded where there are no breakers', () => {
    settings.BREAKER_ENABLED = false;
    assert.equal(times.of(reserve), Infinity);
  });
});
