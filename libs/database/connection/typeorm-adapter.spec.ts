import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { type DataSource, EntitySchema } from 'typeorm';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { openDataSource } from './data-source.js';
import { PoolClient } from './pool-client.js';
import { joinTransaction, poolOf } from './typeorm-adapter.js';

interface Thing {
  readonly id: string;
  size: number;
}

const Things = new EntitySchema<Thing>({
  name: 'things',
  columns: { id: { type: 'text', primary: true }, size: { type: 'integer' } },
});

describe('What is used of TypeORM beyond its documentation', () => {
  let opened: TestDatabase;
  let dataSource: DataSource;

  before(async () => {
    opened = await openTestDatabase({ migrations: [] });
    await opened.database.query('CREATE TABLE things (id text PRIMARY KEY, size integer)');
    dataSource = await openDataSource({
      url: opened.database.connection.connectionString ?? '',
      applicationName: 'test',
      poolSize: 2,
      entities: [Things],
      migrations: [],
    });
  });

  beforeEach(() => opened.database.query(`TRUNCATE things`));

  after(async () => {
    await dataSource.destroy();
    await opened.close();
  });

  it('is its pool, which gives the same connections', async () => {
    const pool = poolOf(dataSource);
    assert.ok(pool instanceof pg.Pool);
    assert.equal(pool.options.max, 2);
    const runner = dataSource.createQueryRunner();
    const client: unknown = await runner.connect();
    assert.ok(client instanceof PoolClient);
    assert.deepEqual([pool.totalCount - pool.idleCount, pool.waitingCount], [1, 0]);
    await runner.release();
    assert.equal(pool.totalCount - pool.idleCount, 0);
  });

  it('is that a runner can join a transaction: it locks rows, and begins and ends none of its own', async () => {
    await opened.database.query(`INSERT INTO things VALUES ('a', 1)`);
    const runner = dataSource.createQueryRunner();
    const lock = () =>
      runner.manager.findOneOrFail(Things, { where: { id: 'a' }, lock: { mode: 'pessimistic_write' } });
    try {
      await runner.connect();
      await assert.rejects(lock(), /transaction/i, 'it knows of none yet');
      await runner.query('BEGIN');
      joinTransaction(runner);
      const thing = await lock();
      await runner.manager.save(Things, { ...thing, size: 2 });
      await runner.query('ROLLBACK');
    } finally {
      await runner.release();
    }
    assert.deepEqual(await opened.database.query('SELECT * FROM things'), [{ id: 'a', size: 1 }]);
  });

  it('says so when a version is different', () => {
    assert.throws(() => poolOf({ driver: {} } as unknown as DataSource), /driver\.master/);
    assert.throws(() => joinTransaction({} as never), /isTransactionActive/);
  });
});
