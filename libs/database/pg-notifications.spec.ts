import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  dropDatabases,
  LossyProxy,
  queryServer,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { openDataSource } from './connection/data-source.js';
import { Database } from './connection/database.js';
import { PgNotifications } from './pg-notifications.js';

class QuickNotifications extends PgNotifications {
  protected override readonly heartbeatMs = { every: 300, answeredWithin: 200 };
}

describe('A connection that listens', () => {
  const prefix = `u${randomBytes(5).toString('hex')}`;
  let server: TestServer;
  let proxy: LossyProxy;
  let database: Database;

  before(async () => {
    Logger.overrideLogger(false);
    server = await startTestServer();
    await queryServer(server.url, `CREATE DATABASE ${prefix}_listens`);
    proxy = await LossyProxy.before(server.url);
    const url = Object.assign(new URL(proxy.url), { pathname: `/${prefix}_listens` }).href;
    const dataSource = await openDataSource({
      url,
      applicationName: 'test',
      entities: [],
      migrations: [],
      poolSize: 2,
    });
    database = new Database(dataSource, 'listens');
  });

  after(async () => {
    proxy.cut();
    await database.close();
    await proxy.close();
    await dropDatabases(server.url, prefix);
    await server.stop();
  });

  it('is replaced when it falls silent, and the work that it may have missed is looked for', async () => {
    const notifications = new QuickNotifications(database);
    let heard = 0;
    notifications.listen('work', () => (heard += 1));
    try {
      await until('it listens', () => heard === 1);
      proxy.freeze();
      await until('another one listens', () => heard === 2);
      await queryServer(
        server.url,
        `SELECT pg_notify('work', 'of another process')`,
        [],
        `${prefix}_listens`,
      );
      await until('it hears the others', () => heard === 3);
      assert.equal(heard, 3);
    } finally {
      await notifications.onApplicationShutdown();
    }
  });
});
