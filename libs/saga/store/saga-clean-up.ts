import { CleanUp, type Database } from '@fissile/kit/database';
import type { SagaSettings } from '../saga.settings.js';

/** Deletes sagas that ended long ago, and old events. A saga that has not ended is kept, however old it is. */
export function sagaCleanUp(database: Database, { SAGA_RETENTION_DAYS: days }: SagaSettings): CleanUp {
  return new CleanUp('sagas', database, [
    { table: 'sagas', since: 'updated_at', days, where: `status IN ('completed', 'compensated')` },
    { table: 'saga_events', since: 'received_at', days },
  ]);
}
