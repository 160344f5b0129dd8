import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { runInCall } from '@fissile/kit/request';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { AuditCleanUp } from './audit-clean-up.js';
import { AuditLog } from './audit-log.js';
import { AUDIT_MIGRATIONS } from './audit.migration.js';
import { AuditSettings } from './audit.settings.js';

describe('What becomes of audit records', () => {
  const owner = `owner_${uuidv7().replaceAll('-', '')}`;
  const writer = `writer_${uuidv7().replaceAll('-', '')}`;
  let opened: TestDatabase;
  let audit: AuditLog;

  before(async () => {
    opened = await openTestDatabase({ migrations: AUDIT_MIGRATIONS });
    audit = new AuditLog(opened.database);
    // As in production: nobody is a superuser, and who writes owns nothing.
    for (const sql of [
      `CREATE ROLE ${owner}`,
      `CREATE ROLE ${writer}`,
      `GRANT USAGE, CREATE ON SCHEMA public TO ${owner}`,
      `ALTER TABLE audit_log OWNER TO ${owner}`,
      `ALTER FUNCTION delete_old_audit_records OWNER TO ${owner}`,
      `ALTER FUNCTION erase_audit_sources OWNER TO ${owner}`,
      `GRANT SELECT, INSERT ON audit_log TO ${writer}`,
    ]) {
      await opened.database.query(sql);
    }
  });

  after(async () => {
    await opened.database.query(`DROP OWNED BY ${owner}, ${writer} CASCADE`);
    await opened.database.query(`DROP ROLE ${owner}, ${writer}`);
    await opened.close();
  });

  const asWriter = <Row extends object>(sql: string, values: unknown[] = []) =>
    opened.database.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL ROLE ${writer}`);
      return transaction.query<Row>(sql, values);
    });
  const insert = (subject: string, days: number) =>
    opened.database.query(
      `INSERT INTO audit_log (id, at, action, subject, outcome, details)
       VALUES ($1, now() - $2 * interval '1 day', 'saga.retried', $3, 'done', '{}')`,
      [uuidv7(), days, subject],
    );
  const subjects = async () => (await audit.list(1_000)).map(({ subject }) => subject).sort();

  it('old ones are deleted after as many days as the setting says, by a role that may not delete', async () => {
    await insert('old', 31);
    await insert('young', 29);
    const settings = new AuditSettings({ AUDIT_RETENTION_DAYS: 30 });
    const query = <Row extends object>(sql: string, values?: unknown[]) => asWriter<Row>(sql, values);
    const database = { context: 'alpha', query } as unknown as typeof opened.database;
    assert.equal(await new AuditCleanUp(database, settings).deleteOld(), false);
    assert.deepEqual(await subjects(), ['young']);
    await assert.rejects(asWriter('DELETE FROM audit_log'), /permission denied/);
    await assert.rejects(asWriter('SELECT delete_old_audit_records(0, 10)'), /for a day at least/);
  });

  it('of a person lose where they acted from, and say the rest for ever', async () => {
    const person = uuidv7();
    const another = uuidv7();
    const session = uuidv7();
    const by = (userId: string | undefined, subject: string) =>
      runInCall(
        {
          requestId: 'r',
          clientRequestId: 'of ada',
          source: '203.0.113.9',
          traceId: '0'.repeat(32),
          ...(userId && { caller: { userId, sessionId: uuidv7(), roles: [] } }),
        },
        () => audit.record(undefined, { action: 'saga.aborted', subject, details: { kept: true } }),
      );
    await by(person, 'what they did');
    await by(undefined, person);
    await by(undefined, session);
    await by(another, person);
    await asWriter('SELECT erase_audit_sources($1, $2)', [person, [person, session]]);
    const records = await audit.list(4, undefined, 'saga.aborted');
    assert.deepEqual(
      records.map(({ subject, source, clientRequestId }) => [subject, source, clientRequestId]).reverse(),
      [
        ['what they did', null, null],
        [person, null, null],
        [session, null, null],
        [person, '203.0.113.9', 'of ada'],
      ],
    );
    assert.ok(records.every(({ details, requestId }) => details['kept'] && requestId === 'r'));
  });

  it('cannot be changed once that is done, in the same transaction either', async () => {
    for (const sql of [`UPDATE audit_log SET subject = 'another'`, 'DELETE FROM audit_log']) {
      await assert.rejects(
        opened.database.transaction(async (transaction) => {
          await audit.forgetSources(transaction, uuidv7());
          await transaction.query('SELECT delete_old_audit_records(1, 10)');
          await transaction.query(sql);
        }),
        /append-only/,
      );
    }
    const [{ may } = assert.fail()] = await opened.database.query<{ may: string[] }>(
      `SELECT array_agg(privilege_type::text ORDER BY 1) AS may FROM pg_class, aclexplode(relacl)
       WHERE relname = 'audit_log' AND grantee = relowner`,
    );
    for (const right of ['UPDATE', 'DELETE', 'TRUNCATE']) assert.equal(may.includes(right), false, right);
  });
});
