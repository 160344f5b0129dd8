import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { runInCall } from '@fissile/kit/request';
import { AuditLog } from './audit-log.js';
import { AUDIT_MIGRATIONS } from './audit.migration.js';

describe('The audit log', () => {
  let opened: TestDatabase;
  let audit: AuditLog;

  before(async () => {
    opened = await openTestDatabase({ migrations: AUDIT_MIGRATIONS });
    audit = new AuditLog(opened.database);
  });

  after(() => opened.close());

  it('records who did what, when, and in which request', async () => {
    const userId = uuidv7();
    const caller = { userId, sessionId: uuidv7(), roles: ['admin'] };
    await runInCall(
      {
        requestId: 'a-request',
        clientRequestId: 'its-own',
        source: '203.0.113.9',
        traceId: '0'.repeat(32),
        caller,
      },
      () =>
        audit.record(undefined, {
          action: 'dead_letter.replayed',
          subject: 'a',
          details: { from: 1, to: 2 },
        }),
    );
    const [{ id, at, ...rest } = assert.fail('nothing is recorded')] = await audit.list(1);
    assert.ok(id);
    assert.ok(Math.abs(Date.now() - at.getTime()) < 60_000);
    assert.deepEqual(rest, {
      userId,
      requestId: 'a-request',
      clientRequestId: 'its-own',
      source: '203.0.113.9',
      action: 'dead_letter.replayed',
      subject: 'a',
      outcome: 'done',
      details: { from: 1, to: 2 },
    });
  });

  it('keeps what is done and the record of it together', async () => {
    await assert.rejects(
      opened.database.transaction(async (transaction) => {
        await audit.record(transaction, { action: 'saga.aborted', subject: 'b' });
        throw new Error('it was not done');
      }),
    );
    assert.deepEqual(await audit.list(10, undefined, 'saga.aborted'), []);
  });

  it('lists the newest first, page by page, also of one action alone', async () => {
    for (const subject of ['c', 'd', 'e']) await audit.record(undefined, { action: 'saga.retried', subject });
    await audit.record(undefined, { action: 'dead_letter.discarded', subject: 'f' });
    const subjectsOf = (records: readonly { subject: string }[]) => records.map(({ subject }) => subject);
    const first = await audit.list(2, undefined, 'saga.retried');
    assert.deepEqual(subjectsOf(first), ['e', 'd']);
    assert.deepEqual(subjectsOf(await audit.list(2, first.at(-1)?.id, 'saga.retried')), ['c']);
    assert.deepEqual(subjectsOf(await audit.list(1)), ['f']);
  });

  it('can neither be changed nor emptied', async () => {
    const before = await audit.list(100);
    for (const sql of [
      `UPDATE audit_log SET subject = 'another'`,
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
    ]) {
      await assert.rejects(opened.database.query(sql), /append-only/, sql);
    }
    assert.deepEqual(await audit.list(100), before);
  });

  it('gives its owner no right to change it, either', async () => {
    const [{ may } = assert.fail()] = await opened.database.query<{ may: string[] }>(
      `SELECT array_agg(privilege_type::text ORDER BY 1) AS may FROM pg_class, aclexplode(relacl)
       WHERE relname = 'audit_log' AND grantee = relowner`,
    );
    for (const right of ['UPDATE', 'DELETE', 'TRUNCATE']) assert.equal(may.includes(right), false, right);
    assert.ok(may.includes('INSERT'));
  });

  it('cannot be changed by a role that owns nothing, nor rid of what guards it', async () => {
    const role = `writer_${uuidv7().replaceAll('-', '')}`;
    await opened.database.query(`CREATE ROLE ${role}`);
    await opened.database.query(`GRANT SELECT, INSERT ON audit_log TO ${role}`);
    const as = (sql: string) =>
      opened.database.transaction(async (transaction) => {
        await transaction.query(`SET LOCAL ROLE ${role}`);
        await transaction.query(sql);
      });
    try {
      await as(
        `INSERT INTO audit_log (id, action, subject, outcome, details) VALUES ('${uuidv7()}', 'saga.retried', 'g', 'done', '{}')`,
      );
      for (const sql of [
        `UPDATE audit_log SET subject = 'another'`,
        'DELETE FROM audit_log',
        'TRUNCATE audit_log',
        'ALTER TABLE audit_log DISABLE TRIGGER ALL',
        'DROP TABLE audit_log',
      ]) {
        await assert.rejects(as(sql), /permission denied|must be owner/, sql);
      }
    } finally {
      await opened.database.query(`DROP OWNED BY ${role}`);
      await opened.database.query(`DROP ROLE ${role}`);
    }
  });
});
