import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { violatesUnique } from './database.js';
import type { Transaction } from './transaction.js';

const INSERT = 'INSERT INTO things (id, size) VALUES ($1, $2)';

describe('A transaction', () => {
  let opened: TestDatabase;
  const all = () =>
    opened.database.query<{ id: string; size: number }>('SELECT id, size FROM things ORDER BY id');

  before(async () => {
    opened = await openTestDatabase({ migrations: [] });
  });

  beforeEach(async () => {
    await opened.database.query('DROP TABLE IF EXISTS things');
    await opened.database.query(
      'CREATE TABLE things (id text CONSTRAINT things_once PRIMARY KEY, size integer)',
    );
  });

  after(() => opened.close());

  it('keeps the order of queued and awaited statements', async () => {
    const seen = await opened.database.transaction(async (transaction) => {
      transaction.queue(INSERT, ['a', 1]);
      transaction.queue('UPDATE things SET size = size + 1');
      const rows = await transaction.query('SELECT size FROM things');
      transaction.queue(INSERT, ['b', 7]);
      return rows;
    });
    assert.deepEqual(seen, [{ size: 2 }]);
    assert.deepEqual(await all(), [
      { id: 'a', size: 2 },
      { id: 'b', size: 7 },
    ]);
  });

  it('fails with the error of a statement that was sent, and leaves nothing', async () => {
    const failing = opened.database.transaction(async (transaction) => {
      transaction.queue(INSERT, ['a', 1]);
      transaction.queue(INSERT, ['a', 2]);
      transaction.queue(INSERT, ['b', 3]);
    });
    await assert.rejects(failing, (error) => violatesUnique(error, 'things_once'));
    assert.deepEqual(await all(), []);
  });

  it('rejects a later statement with the first error', async () => {
    const failing = opened.database.transaction(async (transaction) => {
      transaction.queue(INSERT, ['a', 1]);
      transaction.queue(INSERT, ['a', 2]);
      await transaction.query('SELECT 1');
    });
    await assert.rejects(failing, (error) => violatesUnique(error, 'things_once'));
  });

  it('is not committed when a failed statement was overlooked', async () => {
    const failing = opened.database.transaction(async (transaction) => {
      await transaction.query(INSERT, ['a', 1]);
      await transaction.query(INSERT, ['a', 2]).catch(() => undefined);
    });
    await assert.rejects(failing, /A statement failed/);
    assert.deepEqual(await all(), []);
  });

  it('checks the results of queued statements, and rolls back when a check fails', async () => {
    const failing = opened.database.transaction(async (transaction) => {
      transaction.queue(INSERT, ['a', 1]);
      transaction.queue('UPDATE things SET size = 9 WHERE size > 1 RETURNING id', [], (changed) => {
        if (changed.length === 0) throw new Error('nothing was changed');
      });
    });
    await assert.rejects(failing, /nothing was changed/);
    assert.deepEqual(await all(), []);
  });

  it('gives nothing to wait for when it queues a statement, so that awaiting it by mistake does not hang', async () => {
    const work = opened.database.transaction(async (transaction) => {
      const nothing: unknown = transaction.queue(INSERT, ['a', 1]);
      await nothing;
      await transaction.query('SELECT 1');
      return nothing;
    });
    const hung = new Promise((resolve) => setTimeout(() => resolve('hung'), 2_000).unref());
    assert.equal(await Promise.race([work, hung]), undefined);
    assert.deepEqual(await all(), [{ id: 'a', size: 1 }]);
  });

  it('calls back after the commit, and never when there was none', async () => {
    const calls: string[] = [];
    await opened.database.transaction(async (transaction) =>
      transaction.afterCommit(() => calls.push('done')),
    );
    await opened.database
      .transaction(async (transaction) => {
        transaction.afterCommit(() => calls.push('undone'));
        throw new Error('no');
      })
      .catch(() => undefined);
    assert.deepEqual(calls, ['done']);
  });

  it('accepts no statement after its end, so that none runs in the next transaction of its connection', async () => {
    const late: Transaction[] = [];
    await opened.database.transaction(async (transaction) => {
      late.push(transaction);
      await transaction.query(INSERT, ['a', 1]);
    });
    const failing = opened.database.transaction(async (transaction) => {
      late.push(transaction);
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    for (const transaction of late) {
      assert.throws(() => transaction.queue(INSERT, ['late', 1]), /has ended/);
      await assert.rejects(transaction.query(INSERT, ['late', 1]), /has ended/);
      assert.throws(() => transaction.manager, /has ended/);
    }
    assert.deepEqual(await all(), [{ id: 'a', size: 1 }]);
  });

  it('runs again when its statements were planned for a table that has changed', async () => {
    const read = () => opened.database.query('SELECT * FROM things');
    await opened.database.query(INSERT, ['a', 1]);
    await Promise.all(Array.from({ length: 10 }, read));
    await opened.database.query('ALTER TABLE things ADD COLUMN colour text');
    assert.deepEqual(await read(), [{ id: 'a', size: 1, colour: null }]);
  });
});
