import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { MailPatientRecords } from '../data/mail-patient-records.js';
import { CreateMailPatient0000000000000 } from '../data/mail-patient.migration.js';
import { mailPatientSaga } from './mail-patient.saga.js';

describe('The saga mail-patient', () => {
  let opened: TestDatabase;
  let records: MailPatientRecords;

  before(async () => {
    opened = await openTestDatabase({ migrations: [CreateMailPatient0000000000000] });
    records = new MailPatientRecords(opened.database);
  });

  after(() => opened.close());

  it('sends between its records', async () => {
    const data = { id: randomUUID(), userId: randomUUID(), startsAt: '2030-01-02T09:00:00.000Z' };
    const sent: unknown[] = [];
    const saga = mailPatientSaga(records, async () => void sent.push(await records.find(data.id)));
    for (const step of saga.steps) {
      if (step.kind === 'transaction') {
        const item = { data, within: <T>(work: () => T) => work() };
        await opened.database.transaction((transaction) => step.doMany(transaction, [item]));
      } else if (step.kind === 'call') await step.do(data);
    }
    assert.deepEqual(sent, [{ status: 'begun', reason: null }]);
    assert.deepEqual(await records.find(data.id), { status: 'completed', reason: null });
  });
});
