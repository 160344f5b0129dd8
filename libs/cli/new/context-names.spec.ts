import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinSingulars, readContextNames } from './context-names.js';

describe('The names of a new context', () => {
  const itemOf = (text: string) => {
    const names = readContextNames(text);
    return 'item' in names ? names.item : names;
  };

  it('follow from its plural', () => {
    assert.deepEqual(readContextNames('parcels'), {
      contexts: 'parcels',
      Contexts: 'Parcels',
      item: 'parcel',
      Item: 'Parcel',
    });
    assert.equal(itemOf('deliveries'), 'delivery');
    assert.equal(itemOf('boxes'), 'box');
  });

  it('have the singular that was given', () => {
    assert.equal(itemOf('people:person'), 'person');
    assert.equal(itemOf('billing:invoice'), 'invoice');
  });

  it('may have their singular behind them as a word of its own', () => {
    assert.deepEqual(joinSingulars(['returns', 'return', 'rooms']), ['returns:return', 'rooms']);
    assert.deepEqual(joinSingulars(['patients', 'doctors']), ['patients', 'doctors']);
  });

  it('are rejected with the reason', () => {
    const rejected: [string, RegExp][] = [
      ['', /an empty name: expected 3 to 30 small letters/],
      ['X', /^X: expected 3 to 30/],
      ['a-b', /expected 3 to 30/],
      ['../x', /expected 3 to 30/],
      ['2fast', /expected 3 to 30/],
      ['x'.repeat(40), /expected 3 to 30/],
      ['people:', /expected 3 to 30/],
      ['a:b:c', /expected <plural> or <plural>:<singular>/],
      ['furniture', /needs another name for one of them, as in furniture:<singular>/],
      ['class', /word of JavaScript/],
      ['package:class', /word of JavaScript/],
      ['order:item', /order is a reserved word of PostgreSQL/],
      ['grant:right', /grant is a reserved word of PostgreSQL/],
      ['product:thing', /product is a name that the kit itself uses/],
      ['postgres:row', /every PostgreSQL server has a postgres/],
      ['outbox:letter', /outbox is a name that the kit itself uses/],
      ['gateway:gate', /gateway is a name that the kit itself uses/],
      ['dates', /Date means something else in JavaScript/],
      ['maps', /Map means something else in JavaScript/],
    ];
    for (const [text, reason] of rejected) {
      const names = readContextNames(text);
      assert.ok(Array.isArray(names), text);
      assert.match(names.join('\n'), reason, text);
    }
  });

  it('are rejected with all reasons at once', () => {
    const names = readContextNames('Bad:b');
    assert.ok(Array.isArray(names));
    assert.equal(names.length, 2);
  });
});
