import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type KeySpan, planRotation, signingKey } from './key-rotation.js';

const HOUR = 3_600_000;
const rules = { signsForMs: 240 * HOUR, publishedBeforeMs: HOUR, tokensLiveMs: HOUR };
const at = (hours: number) => new Date(hours * HOUR);

describe('Key rotation', () => {
  it('makes a first key that signs at once', () => {
    assert.deepEqual(planRotation([], rules, at(5)), {
      create: { signsFrom: at(5), signsUntil: at(245) },
      remove: [],
    });
  });

  it('keeps a key signing until its end is close', () => {
    const keys = [{ id: 'a', signsFrom: at(0), signsUntil: at(240) }];
    assert.deepEqual(planRotation(keys, rules, at(238)), { remove: [] });
  });

  it('publishes the next key before it signs', () => {
    const keys = [{ id: 'a', signsFrom: at(0), signsUntil: at(240) }];
    assert.deepEqual(planRotation(keys, rules, at(239)).create, { signsFrom: at(240), signsUntil: at(480) });
  });

  it('after a pause in which every key ran out, the last signs on until the next is published for long enough', () => {
    const old = { id: 'a', signsFrom: at(0), signsUntil: at(240) };
    const { create, remove } = planRotation([old], rules, at(1_000));
    assert.deepEqual(remove, []);
    assert.deepEqual(create, { signsFrom: at(1_001), signsUntil: at(1_241) });
    assert.ok(create);
    const keys = [old, { id: 'b', ...create }];
    assert.equal(signingKey(keys, at(1_000.9))?.id, 'a');
    assert.equal(signingKey(keys, at(1_001))?.id, 'b');
    assert.deepEqual(planRotation(keys, rules, at(1_002)), { remove: [] });
    assert.deepEqual(planRotation(keys, rules, at(1_002.1)), { remove: ['a'] });
  });

  it('keeps an old key until no token of it can be valid', () => {
    const keys = [
      { id: 'a', signsFrom: at(0), signsUntil: at(240) },
      { id: 'b', signsFrom: at(240), signsUntil: at(480) },
    ];
    assert.deepEqual(planRotation(keys, rules, at(241)).remove, []);
    assert.deepEqual(planRotation(keys, rules, at(241.5)).remove, ['a']);
  });

  it('whenever it was looked after, a key that takes over has been published for an hour', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 700, noNaN: true }), { maxLength: 30 }), (pauses) => {
        let hour = 0;
        let keys: (KeySpan & { madeAt: number })[] = [];
        for (const pause of pauses) {
          const { create, remove } = planRotation(keys, rules, at(hour));
          keys = keys.filter(({ id }) => !remove.includes(id));
          if (create) keys.push({ id: `made at ${hour}`, madeAt: hour, ...create });
          hour += pause;
          const signing = signingKey(keys, at(hour));
          assert.ok(signing);
          assert.ok(signing.madeAt === 0 || signing.signsFrom >= at(signing.madeAt + 1));
        }
      }),
    );
  });

  it('over a year there is always one key that signs, published an hour before', () => {
    let keys: KeySpan[] = [];
    let signedBefore: string | undefined;
    for (let hour = 0; hour < 24 * 365; hour += 1) {
      const { create, remove } = planRotation(keys, rules, at(hour));
      keys = keys.filter(({ id }) => !remove.includes(id));
      const published = new Set(keys.map(({ id }) => id));
      if (create) keys.push({ id: `made at ${hour}`, ...create });
      const signing = signingKey(keys, at(hour));
      assert.ok(signing, `hour ${hour}`);
      if (signedBefore && signing.id !== signedBefore) assert.ok(published.has(signing.id));
      signedBefore = signing.id;
    }
  });
});
