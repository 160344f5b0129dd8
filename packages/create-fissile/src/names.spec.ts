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

  it('follow the rule of fissile new context', () => {
    const { errors } = parseContexts('order:item,package:class,users,billing');
    assert.deepEqual(errors, [
      'order:item: order is a reserved word of PostgreSQL; choose another name',
      'package:class: package is a word of JavaScript; choose another name',
      'users: users is a name that the kit itself uses; choose another name',
      'billing: needs another name for one of them, as in billing:<singular>',
    ]);
  });

  it('are given once', () => {
    assert.deepEqual(parseContexts('doctors,doctors').errors, ['doctors is given twice']);
  });
});
