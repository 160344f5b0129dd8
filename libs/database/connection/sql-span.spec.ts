import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summaryOf } from './sql-span.js';

describe('The summary of a statement', () => {
  for (const [sql, summary] of [
    ['SELECT 1', 'SELECT'],
    ['START TRANSACTION', 'START'],
    ['SELECT a FROM notes WHERE id = $1 FOR UPDATE SKIP LOCKED', 'SELECT notes'],
    ['SELECT "o"."id" FROM "notes" "o" WHERE "o"."email" = $1', 'SELECT notes'],
    ['INSERT INTO outbox (event_id) VALUES ($1)', 'INSERT outbox'],
    ['INSERT INTO slots VALUES ($1) ON CONFLICT (id) DO UPDATE SET taken = 1', 'INSERT slots'],
    ['\n  UPDATE sagas SET fence = 1 WHERE id IN (SELECT id FROM other)', 'UPDATE sagas'],
    ['SELECT extract(epoch FROM now()) FROM outbox', 'SELECT outbox'],
    ['UPDATE sagas SET a = 1 FROM unnest($1::uuid[]) AS owned (id)', 'UPDATE sagas'],
    ["DELETE FROM inbox WHERE name = 'ada@example.com'", 'DELETE inbox'],
  ] as const) {
    it(`names the operation and the table and no value: ${summary}`, () =>
      assert.equal(summaryOf(sql), summary));
  }
});
