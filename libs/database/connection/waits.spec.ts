import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { type ContextError, hasCode, isTransientError } from '@fissile/kit/contract';
import { CallDeadline, runInCall } from '@fissile/kit/request';
import {
  dropDatabases,
  LossyProxy,
  queryServer,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { BatchedReads } from '../batching/batched-reads.js';
import { openDataSource } from './data-source.js';
import { Database } from './database.js';

const POOL_SIZE = 3;
const INSERT = 'INSERT INTO things (id) VALUES ($1)';

describe('A wait for the database ends', () => {
  const prefix = `u${randomBytes(5).toString('hex')}`;
  const name = `${prefix}_waits`;
  let server: TestServer;
  let proxy: LossyProxy;
  let database: Database;
  let blocker: pg.Client;

  before(async () => {
    Logger.overrideLogger(false);
    server = await startTestServer();
    await queryServer(server.url, `CREATE DATABASE ${name}`);
    await inDatabase('CREATE TABLE things (id text PRIMARY KEY)');
    proxy = await LossyProxy.before(server.url);
  });

  beforeEach(async () => {
    database = await open({ statementMs: 1_000, lockMs: 900 });
    blocker = new pg.Client({ connectionString: urlOf(server.url) });
    await blocker.connect();
  });

  afterEach(async () => {
    await blocker.end();
    proxy.cut();
    await database.close();
  });

  after(async () => {
    await proxy.close();
    await dropDatabases(server.url, prefix);
    await server.stop();
  });

  const urlOf = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const inDatabase = (sql: string) => queryServer<{ count: number }>(server.url, sql, [], name);
  const open = async (limits: { statementMs: number; lockMs: number }) =>
    new Database(
      await openDataSource({
        url: urlOf(proxy.url),
        applicationName: 'fissile waits',
        entities: [],
        migrations: [],
        poolSize: POOL_SIZE,
        limits,
      }),
      'waits',
    );
  const lock = () => blocker.query('BEGIN; LOCK TABLE things IN ACCESS EXCLUSIVE MODE');
  const unlock = () => blocker.query('ROLLBACK');
  const read = () => database.query('SELECT id FROM things');
  const write = (id: string) => database.transaction((transaction) => transaction.query(INSERT, [id]));
  const isUnavailable = (error: unknown) => hasCode(error, 'unavailable');
  const statementsUnderWay = async () => {
    const [row] = await inDatabase(
      `SELECT count(*)::int FROM pg_stat_activity
       WHERE datname = '${name}' AND application_name = 'fissile waits' AND state <> 'idle'`,
    );
    return row?.count;
  };

  it('when its connections fall silent: they are destroyed, and new ones take their place', async () => {
    await Promise.all(Array.from({ length: POOL_SIZE }, read));
    proxy.freeze();
    await assert.rejects(read(), isUnavailable);
    assert.deepEqual(await read(), [], 'those that were idle in the meantime are not used any more');
  });

  it('at the deadline of the call behind it, and the statement is cancelled at the server', async () => {
    await lock();
    const batched = new BatchedReads(() => read());
    for (const work of [read, () => write('late'), () => batched.get(1)]) {
      const deadline = new CallDeadline(100);
      const call = { requestId: 'r', traceId: 't', deadline: deadline.at, cancellation: deadline };
      await assert.rejects(
        runInCall(call, () => work()),
        (error: ContextError) => hasCode(error, 'deadline_exceeded'),
      );
      deadline.release();
      await until('nothing waits at the server', async () => (await statementsUnderWay()) === 0);
    }
    await unlock();
    assert.deepEqual(await read(), []);
  });

  it('at the lock timeout, with a temporary error', async () => {
    await lock();
    await assert.rejects(write('locked'), isUnavailable);
    await assert.rejects(database.repository('things').query(`SELECT id FROM things`), isTransientError);
    await unlock();
  });

  it('without reporting a busy pool as a database that is down', async () => {
    await lock();
    const readers = Promise.allSettled(Array.from({ length: POOL_SIZE + 1 }, read));
    await until('all connections are in use', () => database.poolUse.waiting > 0);
    await database.expectWritable();
    await unlock();
    await readers;
  });

  it('once a read-only database is writable again, with no connection left from before', async () => {
    await queryServer(server.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await inDatabase(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fissile waits'`,
    );
    await until('the ended connections are noticed', () => database.poolUse.total === 0);
    await Promise.all(Array.from({ length: POOL_SIZE }, read));
    await assert.rejects(write('early'), isUnavailable);
    await assert.rejects(database.expectWritable(), /read-only/);
    await Promise.all(Array.from({ length: POOL_SIZE }, read));
    await queryServer(server.url, `ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await database.expectWritable();
    await write('again');
    assert.deepEqual(await read(), [{ id: 'again' }]);
    await inDatabase('TRUNCATE things');
  });
});
