import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { insertBefore, replaceAt } from './text-edit.js';

describe('An edit of a file of the project', () => {
  it('is made where its place is', () => {
    assert.equal(insertBefore('a: 1\nc: 3\n', 'c:', 'b: 2\n'), 'a: 1\nb: 2\nc: 3\n');
    assert.equal(replaceAt('for it in a b; do\n', /^(for .*); do$/m, '$1 c; do'), 'for it in a b c; do\n');
  });

  it('is refused when its place is not there any more, rather than left out', () => {
    assert.throws(() => insertBefore('a: 1\n', 'c:', 'b: 2\n'), /add it by hand/);
    assert.throws(() => replaceAt('while true\n', /^(for .*); do$/m, '$1 c; do'), /change it by hand/);
  });
});
