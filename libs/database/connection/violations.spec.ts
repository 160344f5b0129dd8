import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { violatesExclusion, violatesUnique } from './database.js';

describe('An error of a constraint', () => {
  let opened: TestDatabase;
  const insert = (id: number, during: string) =>
    opened.database.query('INSERT INTO stays (id, during) VALUES ($1, $2)', [id, during]);

  before(async () => {
    opened = await openTestDatabase({ migrations: [] });
    await opened.database.query(`
      CREATE TABLE stays (
        id     integer CONSTRAINT stays_once PRIMARY KEY,
        during tsrange NOT NULL,
        CONSTRAINT stays_apart EXCLUDE USING gist (during WITH &&)
      )`);
    await insert(1, '[2030-01-01, 2030-01-03)');
  });

  after(() => opened.close());

  it('says which exclusion constraint it violates', async () => {
    await assert.rejects(insert(2, '[2030-01-02, 2030-01-04)'), (error) => {
      assert.equal(violatesExclusion(error, 'stays_apart'), true);
      assert.equal(violatesExclusion(error, 'stays_once'), false);
      return !violatesUnique(error, 'stays_apart');
    });
  });

  it('is told apart from that of a unique constraint', async () => {
    await assert.rejects(insert(1, '[2031-01-01, 2031-01-02)'), (error) => {
      assert.equal(violatesUnique(error, 'stays_once'), true);
      return !violatesExclusion(error, 'stays_once');
    });
  });

  it('is neither when it is no error of the database', () => {
    assert.equal(violatesExclusion(new Error('stays_apart'), 'stays_apart'), false);
    assert.equal(violatesExclusion(undefined, 'stays_apart'), false);
  });
});
