import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Logger } from '@nestjs/common';
import { mock } from 'node:test';
import { runInCall } from '@fissile/kit/request';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { AuditLog, type AuditRecord } from './audit-log.js';
import { AUDIT_MIGRATIONS } from './audit.migration.js';
import { Refusals } from './refusals.js';

describe('Refusals', () => {
  let opened: TestDatabase;
  let audit: AuditLog;
  let refusals: Refusals;
  let known: Set<string>;

  before(async () => {
    opened = await openTestDatabase({ migrations: AUDIT_MIGRATIONS });
    audit = new AuditLog(opened.database);
  });

  beforeEach(async () => {
    refusals = new Refusals(audit);
    known = new Set((await audit.list(1_000)).map(({ id }) => id));
  });

  after(() => opened.close());

  const refuse = (source: string, times: number) =>
    runInCall({ requestId: 'r', traceId: '0'.repeat(32), source }, async () => {
      for (let time = 0; time < times; time += 1) {
        await refusals.record({ action: 'access.refused', subject: 'GET /api/admin/audit' });
      }
    });
  const written = async (): Promise<AuditRecord[]> =>
    (await audit.list(1_000)).filter(({ id }) => !known.has(id)).reverse();

  it('are recorded with where they came from, and logged', async () => {
    const warn = mock.method(Logger.prototype, 'warn', () => undefined);
    await refuse('203.0.113.9', 1);
    const [record] = await written();
    assert.deepEqual([record?.source, record?.outcome], ['203.0.113.9', 'refused']);
    assert.equal(warn.mock.callCount(), 1);
    warn.mock.restore();
  });

  it('of a flood are recorded a few of each source, and the number of the others', async () => {
    await refuse('203.0.113.9', 100);
    await refuse('198.51.100.7', 1);
    await refusals.onModuleDestroy();
    const records = await written();
    assert.equal(records.filter(({ source }) => source === '203.0.113.9').length, 5);
    assert.equal(records.filter(({ source }) => source === '198.51.100.7').length, 1);
    const { subject, source, details } = records.at(-1) ?? assert.fail();
    assert.deepEqual([subject, source, details], ['many', null, { omitted: 95 }]);
    assert.equal(records.length, 7);
  });

  it('of a flood from many sources are bounded too', async () => {
    for (let at = 0; at < 200; at += 1) await refuse(`10.0.0.${at}`, 1);
    await refusals.onModuleDestroy();
    const records = await written();
    assert.equal(records.length, 61);
    assert.deepEqual(records.at(-1)?.details, { omitted: 140 });
  });
});
