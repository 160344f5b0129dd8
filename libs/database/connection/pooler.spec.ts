import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import {
  dropDatabases,
  LossyProxy,
  type PgBouncerOptions,
  queryServer,
  startPgBouncer,
  startTestServer,
  type TestServer,
} from '@fissile/kit/testing';
import { expectSessionOfItsOwn } from './pooler.js';
import { openDataSource } from './data-source.js';
import { Database } from './database.js';

const LIMITS = { statementMs: 5_000, lockMs: 4_000 };

describe('Behind PgBouncer', () => {
  const prefix = `u${randomBytes(5).toString('hex')}`;
  let server: TestServer;

  before(async () => {
    Logger.overrideLogger(false);
    server = await startTestServer();
    await queryServer(server.url, `CREATE DATABASE ${prefix}_pooled`);
  });

  after(async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
  });

  async function behind(
    test: TestContext,
    options: PgBouncerOptions,
    work: (database: Database) => Promise<void>,
  ): Promise<void> {
    const pooler = await startPgBouncer(server.url, options);
    if (!pooler) return test.skip('pgbouncer is not installed');
    try {
      const dataSource = await openDataSource({
        url: Object.assign(new URL(pooler.url), { pathname: `/${prefix}_pooled` }).href,
        applicationName: 'fissile pooled',
        entities: [],
        migrations: [],
        poolSize: 3,
        limits: LIMITS,
      });
      const database = new Database(dataSource, 'pooled');
      try {
        await work(database);
      } finally {
        await database.close();
      }
    } finally {
      await pooler.stop();
    }
  }

  async function works(database: Database): Promise<void> {
    const limits = await Promise.all(
      Array.from({ length: 3 }, () =>
        database.query(
          `SELECT
            current_setting('statement_timeout') AS statement,
            current_setting('lock_timeout') AS lock,
            current_setting('idle_in_transaction_session_timeout') AS idle,
            current_setting('tcp_user_timeout') AS unacknowledged`,
        ),
      ),
    );
    const expected = { statement: '5s', lock: '4s', idle: '20s', unacknowledged: '20000' };
    assert.deepEqual(limits.flat(), Array(3).fill(expected));
    const rows = await database.transaction(async (transaction) => {
      transaction.queue('CREATE TABLE IF NOT EXISTS things (id text PRIMARY KEY)');
      transaction.queue('INSERT INTO things (id) VALUES ($1)', ['a']);
      return transaction.query('DELETE FROM things RETURNING id');
    });
    assert.deepEqual(rows, [{ id: 'a' }]);
  }

  // It refuses what a session starts with, by default; or it drops it, as it is often set up.
  for (const lines of [[], ['ignore_startup_parameters = options']]) {
    const set = lines.length === 0 ? 'as it comes' : lines.join();

    it(`in session mode, ${set}: works, with the limits of every session`, (test) =>
      behind(test, { mode: 'session', lines }, works));

    it(`in transaction mode, ${set}: is refused in one line`, (test) =>
      behind(test, { mode: 'transaction', lines }, async () => assert.fail('it is not refused')).catch(
        (error: Error) => {
          assert.match(error.message, /^it is behind a pooler in transaction mode, .*session mode/);
          assert.doesNotMatch(error.message, /\n/);
        },
      ));
  }

  it('fails the start, and does not end the process, when connections break while its mode is found out', async () => {
    const proxy = await LossyProxy.before(server.url);
    try {
      // While one of them asks, the other waits for its turn.
      proxy.loseAnswersTo(/pg_backend_pid/, () => {
        proxy.cut();
        return true;
      });
      const url = Object.assign(new URL(proxy.url), { pathname: `/${prefix}_pooled` }).href;
      await assert.rejects(expectSessionOfItsOwn(url), /Connection terminated/);
    } finally {
      await proxy.close();
    }
  });
});
