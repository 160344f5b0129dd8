import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { allFaults } from './all-faults.js';
import { PLANTED_BUGS } from './planted-bugs.js';

/** `npm run test:faults -- --planted` verifies that the faults find them, which takes minutes. */
describe('A planted bug', () => {
  const faults = allFaults();
  for (const { name, file, from, to, fault } of PLANTED_BUGS) {
    it(`is one change of the product as it is now: ${name}`, () => {
      assert.equal(readFileSync(file, 'utf8').split(from).length, 2, `${file} has it once: ${from}`);
      assert.notEqual(from, to);
      assert.ok(faults.some((known) => known.name.includes(fault)));
    });
  }
});
