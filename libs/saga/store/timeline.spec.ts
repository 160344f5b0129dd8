import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimelineEntry } from './saga-record.js';
import { begun, doneNow, failedNow, withEntries } from './timeline.js';

describe('The timeline of a saga', () => {
  const failed = (name: string, attempt: number) => failedNow(begun(name, 'do', attempt), 'unavailable');
  const attemptsOf = (timeline: readonly TimelineEntry[], name: string) =>
    timeline.filter((entry) => entry.name === name).map(({ attempt }) => attempt);

  it('keeps the first three and the last twenty failures of a step, and all that succeeded', () => {
    let timeline = withEntries([], doneNow(begun('note', 'do', 1)));
    for (let attempt = 1; attempt <= 100; attempt += 1) {
      timeline = withEntries(timeline, failed('hotel', attempt), failed('flight', attempt));
    }
    timeline = withEntries(timeline, doneNow(begun('hotel', 'do', 101)));
    assert.deepEqual(attemptsOf(timeline, 'note'), [1]);
    const last20 = Array.from({ length: 20 }, (_, index) => 81 + index);
    assert.deepEqual(attemptsOf(timeline, 'flight'), [1, 2, 3, ...last20]);
    assert.deepEqual(attemptsOf(timeline, 'hotel'), [1, 2, 3, ...last20, 101]);
  });
});
