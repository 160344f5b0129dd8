import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { dropDatabases, queryServer, startTestServer, type TestServer } from '@fissile/kit/testing';
import { openDataSource } from '../connection/data-source.js';
import { migrate } from './migrate.js';

abstract class Creates implements MigrationInterface {
  protected abstract readonly table: string;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE ${this.table} (id text PRIMARY KEY)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${this.table}`);
  }
}

class CreateOne1700000000001 extends Creates {
  protected readonly table = 'one';
}

class CreateTwo1700000000002 extends Creates {
  protected readonly table = 'two';
}

class CreateOther1600000000000 extends Creates {
  protected readonly table = 'other';
}

type Migrations = (new () => MigrationInterface)[];

const OLD: Migrations = [CreateOne1700000000001];
const NEW: Migrations = [CreateOne1700000000001, CreateTwo1700000000002];

describe('The table of migrations', () => {
  const prefix = `u${randomBytes(5).toString('hex')}`;
  let server: TestServer;
  let url: string;
  let count = 0;

  before(async () => {
    Logger.overrideLogger(false);
    server = await startTestServer();
  });

  beforeEach(async () => {
    const name = `${prefix}_${(count += 1)}`;
    await queryServer(server.url, `CREATE DATABASE ${name}`);
    url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  });

  after(async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
  });

  /** As earlier versions did: in TypeORM's default table. @returns the names of those that it has run */
  const migrateAsBefore = async (migrations: Migrations) => {
    const source = await new DataSource({ type: 'postgres', url, entities: [], migrations }).initialize();
    try {
      return (await source.runMigrations({ transaction: 'each' })).map(({ name }) => name);
    } finally {
      await source.destroy();
    }
  };
  const migrateNow = async (migrations: Migrations) => {
    const source = await openDataSource({
      url,
      applicationName: 'test',
      poolSize: 2,
      entities: [],
      migrations,
    });
    try {
      return await migrate(source);
    } finally {
      await source.destroy();
    }
  };
  const namesIn = async (table: string) => {
    const rows = await queryServer<{ name: string }>(
      server.url,
      `SELECT name FROM ${table} ORDER BY id`,
      [],
      new URL(url).pathname.slice(1),
    );
    return rows.map(({ name }) => name);
  };

  it('has the rows of the table that earlier versions used, so that nothing is migrated twice', async () => {
    await migrateAsBefore(OLD);
    assert.deepEqual(await migrateNow(NEW), ['CreateTwo1700000000002']);
    assert.deepEqual(await namesIn('fissile_migrations'), [
      'CreateOne1700000000001',
      'CreateTwo1700000000002',
    ]);
    assert.deepEqual(await migrateNow(NEW), []);
  });

  it('lets a process of an earlier version start beside it, and takes over what that one has migrated', async () => {
    await migrateAsBefore(OLD);
    await migrateNow(OLD);
    assert.deepEqual(await migrateAsBefore(NEW), ['CreateTwo1700000000002']);
    assert.deepEqual(await migrateNow(NEW), [], 'the earlier version was first');
    await queryServer(server.url, 'DROP TABLE two', [], new URL(url).pathname.slice(1));
    await queryServer(
      server.url,
      `DELETE FROM fissile_migrations WHERE name LIKE 'CreateTwo%'; DELETE FROM migrations WHERE name LIKE 'CreateTwo%'`,
      [],
      new URL(url).pathname.slice(1),
    );
    assert.deepEqual(await migrateNow(NEW), ['CreateTwo1700000000002']);
    assert.deepEqual(await migrateAsBefore(NEW), [], 'this version was first');
  });

  it("does not write into an application's table, and takes from it what is the kit's alone", async () => {
    await migrateAsBefore([CreateOther1600000000000, ...OLD]);
    assert.deepEqual(await migrateNow(NEW), ['CreateTwo1700000000002']);
    assert.deepEqual(await namesIn('fissile_migrations'), [
      'CreateOne1700000000001',
      'CreateTwo1700000000002',
    ]);
    assert.deepEqual(await namesIn('migrations'), ['CreateOther1600000000000', 'CreateOne1700000000001']);
  });

  it('shows at the start that a newer version has migrated the database', async () => {
    await migrateNow(NEW);
    const warned: unknown[] = [];
    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (line) => warned.push(line),
    });
    try {
      assert.deepEqual(await migrateNow(OLD), []);
      assert.deepEqual(warned, [
        'The database has migrations of a newer version than this process: CreateTwo1700000000002',
      ]);
      await migrateNow(NEW);
      assert.equal(warned.length, 1);
    } finally {
      Logger.overrideLogger(false);
    }
  });

  it('is the only one in a new database', async () => {
    assert.deepEqual((await migrateNow(NEW)).length, 2);
    await assert.rejects(namesIn('migrations'), /does not exist/);
  });
});
