import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { defineSaga, noUndo } from '../definition/definition.js';
import { SagaDefinitions } from '../definition/saga-definitions.js';
import { SAGA_MIGRATIONS } from '../store/saga.migration.js';
import { UnknownSagas } from './unknown-sagas.js';

class Heard extends UnknownSagas {
  readonly warnings: string[] = [];

  protected override warn(message: string): void {
    this.warnings.push(message);
  }
}

describe('UnknownSagas', () => {
  let opened: TestDatabase;

  before(async () => {
    opened = await openTestDatabase({ migrations: SAGA_MIGRATIONS });
  });

  after(() => opened.close());

  const insert = (version: number, status: string) =>
    opened.database.query(
      `INSERT INTO sagas (id, name, version, subject, status, position, data, timeline, lease_until)
       VALUES ($1, 'trip', $2, '', $3, 0, '{}', '[]', now())`,
      [uuidv7(), version, status],
    );

  it('are logged once for each version, when they have not ended and this process does not know them', async () => {
    const definitions = new SagaDefinitions();
    const note = { do: async () => undefined, undo: noUndo('a test') };
    const known = defineSaga<object>({
      name: 'trip',
      version: 3,
      subject: () => '',
      steps: (step) => [step.transaction('note', note)],
    });
    definitions.add(known as never);
    await insert(1, 'completed');
    await insert(2, 'running');
    await insert(3, 'running');
    const unknown = new Heard(opened.database, definitions);
    await unknown.poll();
    await insert(2, 'compensating');
    await unknown.poll();
    assert.deepEqual(unknown.warnings, [
      '1 unfinished sagas are trip:2, which this process of test does not know',
    ]);
    await insert(4, 'running');
    await unknown.poll();
    assert.equal(unknown.warnings.length, 2);
  });
});
