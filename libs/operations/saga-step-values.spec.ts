import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SagaRecord, TimelineEntry } from '@fissile/kit/saga';
import { shownMessage, stepValues } from './saga-step-values.js';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function entry(name: string, from: number, to: number, added?: readonly string[]): TimelineEntry {
  const times = { startedAt: at(from), endedAt: at(to) };
  return { name, kind: 'do', attempt: 1, status: 'done', error: null, ...times, ...(added && { added }) };
}

function valuesIn(data: object, timeline: readonly TimelineEntry[]) {
  return timeline.map((one) => {
    const { input, output } = stepValues({ data, timeline } as SagaRecord, one);
    return [JSON.parse(input), output === undefined ? undefined : JSON.parse(output)] as unknown[];
  });
}

const shownOf = (data: object): unknown => valuesIn(data, [entry('one', 0, 1)])[0]?.[0];

describe('What is shown of a step of a saga', () => {
  it('is what it found in the data, and what it added', () => {
    const data = { alpha: 'a-1', beta: 'b-1', gamma: 3 };
    const timeline = [entry('one', 0, 1), entry('two', 1, 2, ['beta']), entry('three', 2, 3, ['gamma'])];
    assert.deepEqual(valuesIn(data, timeline), [
      [{ alpha: 'a-1' }, undefined],
      [{ alpha: 'a-1' }, { beta: 'b-1' }],
      [{ alpha: 'a-1', beta: 'b-1' }, { gamma: 3 }],
    ]);
  });

  it('does not give branches that run at the same time what the others add', () => {
    const timeline = [entry('one', 0, 2, ['beta']), entry('two', 0, 3, ['gamma'])];
    assert.deepEqual(valuesIn({ alpha: 1, beta: 2, gamma: 3 }, timeline), [
      [{ alpha: 1 }, { beta: 2 }],
      [{ alpha: 1 }, { gamma: 3 }],
    ]);
  });

  it('has a value that was replaced with the step that replaced it', () => {
    const timeline = [entry('one', 0, 1, ['alpha']), entry('two', 1, 2, ['alpha'])];
    assert.deepEqual(valuesIn({ alpha: 'new' }, timeline), [
      [{}, undefined],
      [{}, { alpha: 'new' }],
    ]);
  });

  it('has ids, codes, numbers and times, and no text that somebody wrote', () => {
    const id = '0197d3b5-7f00-7000-8000-000000000000';
    assert.deepEqual(shownOf({ id, code: 'card_declined', count: 3, is: true, at: at(1), none: null }), {
      id,
      code: 'card_declined',
      count: 3,
      is: true,
      at: at(1),
      none: null,
    });
    assert.deepEqual(shownOf({ wish: 'leave it at the door', inner: [{ wish: 'two words' }] }), {
      wish: '[text of 20 characters]',
      inner: [{ wish: '[text of 9 characters]' }],
    });
  });

  it('has nothing personal, and nothing that logs hide', () => {
    assert.deepEqual(shownOf({ name: 'Ada', postalCode: '12345', to: 'ada@example.com' }), {
      name: '[personal]',
      postalCode: '[personal]',
      to: '[text of 15 characters]',
    });
    const hidden = JSON.stringify(
      shownOf({ accessToken: 'abcdefgh', secretKey: 'abcdefgh', number: '4242424242424242' }),
    );
    assert.doesNotMatch(hidden, /abcdefgh|4242/);
    assert.equal(shownMessage('no mail to ada@example.com'), 'no mail to [redacted]');
  });

  it('is cut where it is long', () => {
    const { input } = stepValues(
      {
        data: { all: Array.from({ length: 500 }, (_, index) => index) },
        timeline: [],
      } as unknown as SagaRecord,
      entry('one', 0, 1),
    );
    assert.match(input, /\[480 more\]/);
    const long = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`key${index}`, index]));
    const cut = stepValues({ data: long, timeline: [] } as unknown as SagaRecord, entry('one', 0, 1)).input;
    assert.equal(cut.length, 4_001);
  });
});
