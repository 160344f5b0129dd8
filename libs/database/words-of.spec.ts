import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { queryOfWords, wordsOf } from './words-of.js';

describe('The words of a text', () => {
  let opened: TestDatabase;

  before(async () => {
    opened = await openTestDatabase({ migrations: [] });
  });

  after(() => opened.close());

  async function isFound(text: string, asked: string): Promise<boolean> {
    const sql = `SELECT ${wordsOf('$1::text')} @@ $2::tsquery AS found`;
    const [row] = await opened.database.query<{ found: boolean }>(sql, [text, queryOfWords(asked)]);
    return row?.found ?? false;
  }

  it('are found by their beginnings, in any order and case', async () => {
    assert.ok(await isFound('ada@example.com Ada Müller', 'MÜL ada'));
    assert.ok(!(await isFound('ada@example.com Ada Müller', 'ada miller')));
    assert.ok(!(await isFound('ada@example.com', 'da')));
    assert.ok(await isFound('said “Ada”… and ‘Bea’', 'ada bea'));
  });

  it('may look like numbers, dates, addresses and ids', async () => {
    for (const text of [
      '1e5f47e3-0cd0-433d-a56c-10f3d5a28de6@example.com',
      '12e34@example.com',
      '-7.5e3x',
      'https://example.com/a/b?c=1',
      '2026-11-29T01:36:30Z',
    ]) {
      assert.ok(await isFound(`before ${text} after`, text), text);
    }
  });

  it('are left out where they are longer than PostgreSQL takes, and many may stand beside them', async () => {
    assert.ok(await isFound(`token ${'ä'.repeat(5_000)} `.repeat(20), 'token'));
  });

  it('are none of a text without letters and digits', async () => {
    assert.ok(!(await isFound('', 'ada')));
    assert.ok(!(await isFound('--- ???', 'ada')));
    assert.ok(!(await isFound('ada', '?')));
  });
});
