import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { queryServer, startTestServer, type TestServer } from '@fissile/kit/testing';
import { openDataSource } from './data-source.js';
import { Database } from './database.js';
import { retryRefusedLogins } from './refused-login.js';

describe('A password that changes', () => {
  const role = `changing_${randomUUID().slice(0, 8)}`;
  let server: TestServer;

  before(async () => {
    server = await startTestServer();
    await queryServer(server.url, `CREATE ROLE ${role} LOGIN PASSWORD 'old-password'`);
  });

  after(async () => {
    await queryServer(server.url, `DROP ROLE ${role}`);
    await server.stop();
  });

  function urlWith(password: string): string {
    const url = new URL(server.url);
    url.username = role;
    url.password = password;
    url.pathname = '/postgres';
    return url.href;
  }

  it('at the server before it does in its file fails no statement', async () => {
    let url = urlWith('old-password');
    let refusals = 0;
    const renewal = {
      currentUrl: () => url,
      onRefusedLogin: () => {
        refusals += 1;
        if (refusals === 2) url = urlWith('new-password');
      },
    };
    const applicationName = 'changing password';
    const options = { applicationName, poolSize: 4, entities: [], migrations: [] };
    const dataSource = await openDataSource({ ...options, url, renewal });
    const database = new Database(dataSource, 'alpha');
    try {
      await queryServer(server.url, `ALTER ROLE ${role} PASSWORD 'new-password'`);
      const sleeps = Array.from({ length: 4 }, () => database.query('SELECT 1 AS one, pg_sleep(0.1)'));
      for (const [row] of await Promise.all(sleeps)) assert.equal((row as { one: number }).one, 1);
      assert.ok(refusals >= 2, 'the new password was looked for');
    } finally {
      await database.close();
    }
  });

  it('is looked for by one of those that wait, for all of them', async () => {
    let refused = 0;
    const login = async (): Promise<PoolClient> => {
      const isNewInFile = refused >= 6;
      await setImmediate();
      if (isNewInFile) return {} as PoolClient;
      refused += 1;
      throw Object.assign(new Error('password authentication failed'), { code: '28P01' });
    };
    const pool = { connect: login } as Pool;
    retryRefusedLogins(pool, () => undefined);
    await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
    assert.equal(refused, 6, 'those of the four, and two more until it is there');
  });
});
