import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packageNameError, parseContexts } from './names.js';

describe('The name of a product', () => {
  it('is one that npm takes, and that images can have', () => {
    for (const name of ['clinic', 'our-clinic', '@acme/clinic', 'c2']) {
      assert.equal(packageNameError(name), undefined, name);
    }
    const refused = ['Clinic', '.clinic', 'a clinic', 'clinic!', '@acme', '', 'node_modules', 'http', '2nd'];
    for (const name of [...refused, `a${'b'.repeat(30)}`, 'clinic-']) assert.ok(packageNameError(name), name);
  });
});

describe('The names of contexts', () => {
  it('are plurals, with a singular where it cannot be told', () => {
    const { contexts, errors } = parseContexts('appointments, billing:invoice,categories,orders');
    assert.deepEqual(errors, []);
    assert.deepEqual(contexts, [
      { plural: 'appointments' },
      { plural: 'billing', singular: 'invoice' },
      { plural: 'categories' },
      { plural: 'orders' },
    ]);
    assert.deepEqual(parseContexts(''), { contexts: [], errors: [] });
  });

  const refused: readonly (readonly [text: string, why: RegExp])[] = [
    ['Appointments', /small letters/],
    ['2nd', /a letter first/],
    ['first-visits', /small letters/],
    ['a'.repeat(31), /3 to 30/],
    ['order:item', /"order": it is a reserved word/],
    ['package:class', /reserved word of PostgreSQL or JavaScript/],
    ['users', /every product has/],
    ['gateway:way', /every product has/],
    ['maps', /"map": it means something else/],
    ['billing', /two different names, as in billing:<singular>/],
    ['a:b:c', /<plural>:<singular>/],
    ['doctors,doctors', /given twice/],
  ];
  for (const [text, why] of refused) {
    it(`are refused when they cannot be, such as ${text}`, () => {
      assert.match(parseContexts(text).errors.join('\n'), why);
    });
  }
});
