import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { sagaCleanUp } from './saga-clean-up.js';
import { SAGA_MIGRATIONS } from './saga.migration.js';
import { SagaSettings } from '../saga.settings.js';

describe('The clean-up of sagas', () => {
  let opened: TestDatabase;
  const settings = new SagaSettings({
    SAGA_LEASE_MS: 1_000,
    SAGA_DEADLINE_MS: 3_600_000,
    SAGA_RETENTION_DAYS: 90,
  });

  before(async () => {
    opened = await openTestDatabase({ migrations: SAGA_MIGRATIONS });
  });

  after(() => opened.close());

  it('deletes sagas that ended before the retention, and none that has not ended; and events with them', async () => {
    for (const status of ['running', 'compensating', 'completed', 'compensated']) {
      for (const days of [89, 91]) {
        await opened.database.query(
          `INSERT INTO sagas (id, name, version, subject, status, position, data, timeline, lease_until, updated_at)
           VALUES ($1, 'old', 1, $2, $3, 0, '{}', '[]', now(), now() - $4 * interval '1 day')`,
          [uuidv7(), `${status} ${days}`, status, days],
        );
      }
    }
    for (const days of [89, 91]) {
      await opened.database.query(
        `INSERT INTO saga_events (event_id, type, key, data, received_at)
         VALUES ($1, 'a.type.v1', $2, '{}', now() - $3 * interval '1 day')`,
        [uuidv7(), `came ${days}`, days],
      );
    }
    const cleanUp = sagaCleanUp(opened.database, settings);
    assert.equal(await cleanUp.deleteOld(), false);
    const events = await opened.database.query<{ key: string }>('SELECT key FROM saga_events');
    assert.deepEqual(events, [{ key: 'came 89' }]);
    const left = await opened.database.query<{ subject: string }>(
      'SELECT subject FROM sagas ORDER BY subject',
    );
    assert.deepEqual(
      left.map(({ subject }) => subject),
      ['compensated 89', 'compensating 89', 'compensating 91', 'completed 89', 'running 89', 'running 91'],
    );
  });
});
