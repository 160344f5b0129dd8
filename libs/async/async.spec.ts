import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoff } from './backoff.js';
import { LruMap } from './lru-map.js';
import { settledWithin, withTimeout } from './with-timeout.js';

describe('Work that is waited for no longer than a time', () => {
  const never = new Promise<never>(() => undefined);

  it('gives its result, or its error', async () => {
    assert.equal(await withTimeout(Promise.resolve(1), 1_000, 'too late'), 1);
    await assert.rejects(withTimeout(Promise.reject(new Error('own')), 1_000, 'too late'), /own/);
  });

  it('fails with the message when it takes longer', async () => {
    await assert.rejects(withTimeout(never, 5, 'too late'), /too late/);
  });

  it('may fail or take longer where only the waiting counts', async () => {
    await settledWithin(never, 5);
    await settledWithin(Promise.reject(new Error('own')), 1_000);
  });

  it('leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await withTimeout(Promise.resolve(), 60_000, 'too late');
    await Promise.resolve();
    assert.equal(timers(), before);
  });
});

describe('A pause between attempts', () => {
  it('doubles with each failure, up to the longest', () => {
    const pauses = [0, 1, 2, 3, 5_000].map((failures) => backoff(failures, { first: 50, longest: 300 }));
    assert.deepEqual(pauses, [50, 100, 200, 300, 300]);
  });
});

describe('A map of limited size', () => {
  it('forgets what was used longest ago', () => {
    const map = new LruMap<string, number>({ maxEntries: 2 });
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    assert.deepEqual([map.get('a'), map.get('b'), map.get('c'), map.size], [1, undefined, 3, 2]);
  });

  it('weighs its values, those that replace others too', () => {
    const map = new LruMap<string, string>({ maxEntries: 9, maxWeight: 5, weigh: ({ length }) => length });
    map.set('a', 'aaa');
    map.set('a', 'a');
    map.set('b', 'bbbb');
    assert.equal(map.size, 2);
    map.set('c', 'c');
    assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [undefined, 'bbbb', 'c']);
  });
});
