import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FindOperator } from 'typeorm';
import { idsOfPage, numbersBetween } from './find-conditions.js';

const partsOf = (condition: FindOperator<unknown> | undefined): string[] =>
  ((condition?.value ?? []) as unknown as FindOperator<unknown>[]).map(
    ({ type, value }) => `${type} ${String(value)}`,
  );

describe('Conditions of TypeORM', () => {
  it('go on behind a cursor, in either direction', () => {
    assert.deepEqual(partsOf(idsOfPage({ cursor: 'x' })), ['lessThan x']);
    assert.deepEqual(partsOf(idsOfPage({ cursor: 'x', oldestFirst: true })), ['moreThan x']);
    assert.equal(idsOfPage({}), undefined);
  });

  it('are for one id where one is asked for, and for nothing where it is on another page', () => {
    assert.deepEqual(partsOf(idsOfPage({ id: 'a' })), ['equal a']);
    assert.deepEqual(partsOf(idsOfPage({ id: 'a', cursor: 'x' })), ['equal a', 'lessThan x']);
  });

  it('find by the time that ids begin with', () => {
    const from = new Date('2026-03-01T00:00:00Z');
    const to = new Date('2026-03-02T00:00:00Z');
    assert.deepEqual(partsOf(idsOfPage({ from, to })), [
      'moreThanOrEqual 019ca6b1-dc00-0000-0000-000000000000',
      'lessThan 019cabd8-3800-0000-0000-000000000000',
    ]);
  });

  it('hold both bounds of a range of numbers', () => {
    assert.deepEqual(partsOf(numbersBetween(1, 2)), ['moreThanOrEqual 1', 'lessThanOrEqual 2']);
    assert.deepEqual(partsOf(numbersBetween(undefined, 0)), ['lessThanOrEqual 0']);
    assert.equal(numbersBetween(undefined, undefined), undefined);
  });
});
