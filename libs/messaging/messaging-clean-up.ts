import { CleanUp, type Database } from '@fissile/kit/database';
import type { MessagingSettings } from './messaging.settings.js';

/** Deletes old rows of the outbox and the inbox. Dead letters stay until an operator decides. */
export function messagingCleanUp(database: Database, settings: MessagingSettings): CleanUp {
  return new CleanUp('events', database, [
    { table: 'outbox', since: 'published_at', days: settings.OUTBOX_RETENTION_DAYS },
    { table: 'inbox', since: 'handled_at', days: settings.INBOX_RETENTION_DAYS },
  ]);
}
