import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { DataSource, EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import { dropDatabases, queryServer, startTestServer, type TestServer } from '@fissile/kit/testing';
import { migrateOnDataSource } from '../migration/migrate-on-data-source.js';
import { Database } from './database.js';

interface Thing {
  readonly id: string;
  readonly size: string | number;
}

const Things = new EntitySchema<Thing>({
  name: 'things',
  columns: { id: { type: 'text', primary: true }, size: { type: 'bigint' } },
});

class CreateThings1600000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE things (id text PRIMARY KEY, size bigint NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things');
  }
}

class CreateMarks1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE marks (id text PRIMARY KEY, size bigint NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE marks');
  }
}

const AT_START = { MIGRATE_AT_START: true };
const MARK = 'INSERT INTO marks VALUES ($1, $2)';

describe("A database on an application's own DataSource", () => {
  const prefix = `u${randomBytes(5).toString('hex')}`;
  let server: TestServer;
  let source: DataSource;
  let database: Database;

  before(async () => {
    Logger.overrideLogger(false);
    server = await startTestServer();
    await queryServer(server.url, `CREATE DATABASE ${prefix}_app`);
    const { hostname: host, port, username, password } = new URL(server.url);
    // By host and port, as most applications have it, and with nothing that the kit sets.
    source = await new DataSource({
      type: 'postgres',
      host,
      port: Number(port),
      username,
      password,
      database: `${prefix}_app`,
      entities: [Things],
      migrations: [CreateThings1600000000000],
      poolSize: 4,
    }).initialize();
    await source.runMigrations();
    await migrateOnDataSource(source, 'alpha', [CreateMarks1700000000000], AT_START);
    database = new Database(source, 'alpha');
  });

  beforeEach(() => source.query('TRUNCATE things, marks'));

  after(async () => {
    await source.destroy();
    await dropDatabases(server.url, prefix);
    await server.stop();
  });

  const sizes = async () => ({
    things: (await source.query('SELECT id FROM things ORDER BY id')).map(({ id }: Thing) => id),
    marks: (await source.query('SELECT id FROM marks ORDER BY id')).map(({ id }: Thing) => id),
  });
  const thing = (id: string) => ({ id, size: 1 });

  it("records its migrations in a table of its own, and leaves the application's alone", async () => {
    await migrateOnDataSource(source, 'alpha', [CreateMarks1700000000000], AT_START);
    const names = (rows: { name: string }[]) => rows.map(({ name }) => name);
    assert.deepEqual(names(await source.query('SELECT name FROM migrations')), ['CreateThings1600000000000']);
    assert.deepEqual(names(await source.query('SELECT name FROM fissile_migrations')), [
      'CreateMarks1700000000000',
    ]);
    assert.equal(await source.showMigrations(), false, 'the application has none pending');
  });

  it('refuses to start on a database that lacks migrations it may not run, and on another kind of database', async () => {
    class More1800000000000 extends CreateMarks1700000000000 {}
    await assert.rejects(
      migrateOnDataSource(source, 'alpha', [CreateMarks1700000000000, More1800000000000], {
        MIGRATE_AT_START: false,
      }),
      /The database of alpha cannot be used: it lacks 1 of its migrations, from More1800000000000 on/,
    );
    const other = { options: { type: 'mysql' } } as DataSource;
    await assert.rejects(
      migrateOnDataSource(other, 'alpha', [], AT_START),
      /DataSource of alpha is of type mysql; expected postgres/,
    );
  });

  it('reads its own bigints as numbers, and changes nothing for the application', async () => {
    await source.manager.save(Things, { id: 'a', size: 5 });
    assert.deepEqual(await database.query('SELECT size FROM things'), [{ size: 5 }]);
    assert.deepEqual(await source.query('SELECT size FROM things'), [{ size: '5' }]);
  });

  it("is in one transaction with the application's repositories", async () => {
    await database.transaction(async (transaction) => {
      await transaction.manager.save(Things, thing('a'));
      transaction.queue(MARK, ['a', 1]);
      // A transaction inside this one is a part of it.
      await transaction.manager.transaction((manager) => manager.save(Things, thing('b')));
    });
    assert.deepEqual(await sizes(), { things: ['a', 'b'], marks: ['a'] });
    const failing = database.transaction(async (transaction) => {
      transaction.queue(MARK, ['c', 1]);
      await transaction.manager.transaction((manager) => manager.save(Things, thing('c')));
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(await sizes(), { things: ['a', 'b'], marks: ['a'] });
  });

  it('joins a transaction that TypeORM has begun, and calls back when TypeORM has committed it', async () => {
    const calls: string[] = [];
    await source.transaction(async (manager) => {
      await manager.save(Things, thing('a'));
      await database.join(manager, (transaction) => {
        transaction.queue(MARK, ['a', 1]);
        transaction.afterCommit(() => calls.push('committed'));
      });
      await manager.transaction((inner) => inner.save(Things, thing('b')));
      assert.deepEqual(calls, [], 'the end of a savepoint is no commit');
      assert.deepEqual((await sizes()).marks, [], 'others see nothing yet');
    });
    assert.deepEqual(calls, ['committed']);
    assert.deepEqual(await sizes(), { things: ['a', 'b'], marks: ['a'] });
  });

  it('is rolled back with a transaction of TypeORM, and calls nothing back', async () => {
    const calls: string[] = [];
    const failing = source.transaction(async (manager) => {
      await database.join(manager, (transaction) => {
        transaction.queue(MARK, ['a', 1]);
        transaction.afterCommit(() => calls.push('committed'));
      });
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(calls, []);
    assert.deepEqual(await sizes(), { things: [], marks: [] });
  });

  it('fails with a statement that was only queued, before TypeORM commits', async () => {
    const failing = source.transaction(async (manager) => {
      await manager.save(Things, thing('a'));
      await database.join(manager, (transaction) => transaction.queue(MARK, ['a', null]));
    });
    await assert.rejects(failing, /null value/);
    assert.deepEqual(await sizes(), { things: [], marks: [] });
  });

  it('joins its own transaction too, for code that knows the EntityManager alone', async () => {
    await database.transaction(async ({ manager }) => {
      await database.join(manager, (transaction) => transaction.queue(MARK, ['a', 1]));
    });
    assert.deepEqual((await sizes()).marks, ['a']);
  });

  it('refuses a manager without a transaction, and one of another DataSource', async () => {
    const nothing = () => undefined;
    await assert.rejects(database.join(source.manager, nothing), /is in no transaction: pass the one that/);
    const other = await new DataSource({ ...source.options, migrations: [] }).initialize();
    try {
      await assert.rejects(
        other.transaction((manager) => database.join(manager, nothing)),
        /is not of the DataSource of alpha/,
      );
    } finally {
      await other.destroy();
    }
  });

  it('connects outside of the pool as the DataSource does', () => {
    const { host, database: name, application_name } = database.connection;
    assert.deepEqual(
      [host, name, application_name],
      [new URL(server.url).hostname, `${prefix}_app`, 'fissile alpha'],
    );
    assert.equal(database.connection.password, new URL(server.url).password);
  });
});
