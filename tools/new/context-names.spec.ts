import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namesOf } from './context-names.js';

describe('The names of a new context', () => {
  it('follow from its plural', () => {
    assert.deepEqual(namesOf('parcels'), {
      contexts: 'parcels',
      CONTEXTS: 'PARCELS',
      Contexts: 'Parcels',
      item: 'parcel',
      Item: 'Parcel',
    });
    assert.equal(namesOf('deliveries').item, 'delivery');
    assert.equal(namesOf('boxes').item, 'box');
    assert.equal(namesOf('people', 'person').Item, 'Person');
  });

  it('are refused when they mean something else in code', () => {
    assert.throws(() => namesOf('dates'), /Date means something else/);
  });

  it('are refused when code or a database could not have them', () => {
    for (const name of ['', 'X', 'two words', 'a-b', '../x', 'x'.repeat(40), 'stock']) {
      assert.throws(() => namesOf(name), /expected names of|needs another name/, name);
    }
  });
});
