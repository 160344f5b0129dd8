import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { defineContext, defineProduct, type PersonalDataKept } from '@fissile/kit/contract';
import { DeadLetters, MESSAGING_MIGRATIONS } from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { AuditLog } from '../audit/audit-log.js';
import { AUDIT_MIGRATIONS } from '../audit/audit.migration.js';
import { PersonalDataKeepers } from './personal-data-keepers.js';
import { PersonalDataHandler } from './personal-data.handler.js';
import { type PersonalDataPage, PersonalRecords } from './personal-records.js';

class Letters extends PersonalRecords {
  readonly forgotten: string[] = [];

  async exportPerson(userId: string, cursor: string | undefined): Promise<PersonalDataPage> {
    const number = Number(cursor ?? 0);
    return {
      records: { letters: [{ userId, number }] },
      nextCursor: number < 2 ? `${number + 1}` : undefined,
    };
  }

  async forgetPerson(userId: string): Promise<void> {
    this.forgotten.push(userId);
  }
}

describe('Personal data of a context', () => {
  const person = uuidv7();
  let opened: TestDatabase;
  let audit: AuditLog;
  let deadLetters: DeadLetters;
  let letters: Letters;

  before(async () => {
    opened = await openTestDatabase({ migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS] });
    audit = new AuditLog(opened.database);
    deadLetters = new DeadLetters(opened.database);
  });

  beforeEach(() => {
    letters = new Letters();
  });

  after(() => opened.close());

  /** A product of one context, that of the test's database. */
  function keepersOf(personal: readonly PersonalDataKept[], records?: PersonalRecords): PersonalDataKeepers {
    const only = defineContext({ name: opened.database.context, personal });
    const keepers = new PersonalDataKeepers(
      defineProduct({ name: 'Post', description: 'Of one context', contexts: [only] }),
    );
    if (records) keepers.add(only.name, records);
    return keepers;
  }

  const handlerOf = (keepers: PersonalDataKeepers) =>
    new PersonalDataHandler(opened.database, deadLetters, audit, keepers);
  const KEPT = [{ data: 'letters', erasure: 'deleted' }];

  async function exported(handler: PersonalDataHandler): Promise<Record<string, unknown[]>> {
    const all: Record<string, unknown[]> = {};
    let cursor: string | undefined;
    do {
      const page = await handler.exportPerson({ userId: person, cursor });
      for (const [kind, records] of Object.entries(JSON.parse(page.records) as Record<string, unknown[]>)) {
        (all[kind] ??= []).push(...records);
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return all;
  }

  it('is exported page by page: its own, then what the audit log says of the person', async () => {
    for (let record = 0; record < 101; record += 1) {
      await audit.record(undefined, { action: 'saga.retried', subject: person });
    }
    await audit.record(undefined, { action: 'saga.retried', subject: uuidv7() });
    const { letters: found, audit: records } = await exported(handlerOf(keepersOf(KEPT, letters)));
    assert.deepEqual(
      found,
      [0, 1, 2].map((number) => ({ userId: person, number })),
    );
    assert.equal(records?.length, 101);
    const { audit: alone, ...rest } = await exported(handlerOf(keepersOf([])));
    assert.deepEqual([alone?.length, rest], [101, {}]);
  });

  it('is forgotten with events about the person alone that could not be handled', async () => {
    const envelopeOf = (subject: string) => ({
      specversion: '1.0' as const,
      id: uuidv7(),
      source: '/beta',
      type: 'beta.held.v1',
      subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json' as const,
      data: { name: 'Ada' },
    });
    const other = uuidv7();
    for (const subject of [person, other])
      await deadLetters.add(envelopeOf(subject), 'consumer', 'no reason');
    const handler = handlerOf(keepersOf(KEPT, letters));
    await handler.forgetPerson({ userId: person });
    await handler.forgetPerson({ userId: person });
    assert.deepEqual(letters.forgotten, [person, person]);
    const left = await deadLetters.list(10);
    assert.deepEqual(
      left.map(({ envelope }) => (envelope as { subject: string }).subject),
      [other],
    );
  });

  it('keeps a context from starting that says what it keeps, and not how it forgets it', () => {
    assert.throws(
      () => handlerOf(keepersOf(KEPT)).onModuleInit(),
      /keeps personal data .* nothing forgets it/,
    );
    assert.throws(() => handlerOf(keepersOf([], letters)).onModuleInit(), /its description has none/);
    handlerOf(keepersOf(KEPT, letters)).onModuleInit();
    handlerOf(keepersOf([])).onModuleInit();
  });
});
