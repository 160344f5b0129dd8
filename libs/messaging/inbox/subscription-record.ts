import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@fissile/kit/database';
import { Inbox } from './inbox.js';

/** In one order, so that processes which start at the same time do not wait for each other in a ring. */
const RECORD = `
  WITH registered AS (
    SELECT consumer, event_name FROM unnest($1::text[], $2::text[]) AS item (consumer, event_name) ORDER BY 1, 2
  ), gone AS (
    DELETE FROM inbox_subscriptions AS known WHERE NOT EXISTS (
      SELECT FROM registered WHERE registered.consumer = known.consumer AND registered.event_name = known.event_name)
  )
  INSERT INTO inbox_subscriptions (consumer, event_name) SELECT consumer, event_name FROM registered
  ON CONFLICT DO NOTHING`;

/**
 * Records, when a context starts, since when its consumers handle their events. A consumer that this process does not
 * have is forgotten; one of a newer version that still runs is recorded again by its next start, from then on.
 */
@Injectable()
export class SubscriptionRecord implements OnApplicationBootstrap {
  private readonly logger = new Logger(SubscriptionRecord.name);

  constructor(
    private readonly inbox: Inbox,
    private readonly database: Database,
  ) {}

  /** A database that can only be read now does not keep the context from starting. */
  async onApplicationBootstrap(): Promise<void> {
    const subscriptions = this.inbox.subscriptions();
    try {
      await this.database.query(RECORD, [
        subscriptions.map(({ consumer }) => consumer),
        subscriptions.map(({ eventName }) => eventName),
      ]);
    } catch (error) {
      this.logger.warn(`The subscriptions of ${this.database.context} are not recorded: ${String(error)}`);
    }
  }
}
