import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { knownErrorCodes, requireError } from '@fissile/kit/contract';
import '#contracts';

describe('docs/errors.md', () => {
  it('lists each code of the catalogue with its status and title, and no other', () => {
    const rows = readFileSync('docs/errors.md', 'utf8')
      .split('\n')
      .map((line) => /^\| `(\w+)` +\| (\d+) +\| (yes|no) +\| (.+?) +\|$/.exec(line))
      .filter((match) => match !== null)
      .map(([, code, status, retryable, title]) => `${code} ${status} ${retryable} ${title}`);
    const expected = knownErrorCodes().map((code) => {
      const { status, retryable, title } = requireError(code);
      return `${code} ${status} ${retryable ? 'yes' : 'no'} ${title}`;
    });
    assert.deepEqual(rows.sort(), expected.sort());
  });
});
