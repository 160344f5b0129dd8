import { Injectable } from '@nestjs/common';
import type { Transaction } from '@fissile/kit/database';
import type { ReceivedEvent } from '@fissile/kit/messaging';
import type { Waiting } from './saga-record.js';

/** The namespace of the advisory locks that prevent a saga which begins to wait from missing a concurrent event. */
const EVENT_LOCKS = 7_315_003;

const KEEP = `
  INSERT INTO saga_events (event_id, type, key, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;

const WAKE = `
  UPDATE sagas SET due_at = now()
  WHERE waiting -> 'event' ->> 'type' = $1 AND waiting -> 'event' ->> 'key' = $2
    AND status = 'running' AND waiting IS NOT NULL
  RETURNING 1`;

const FIND = `
  SELECT data FROM saga_events
  WHERE type = $1 AND key = $2 AND received_at >= (SELECT created_at FROM sagas WHERE id = $3)
  ORDER BY received_at, event_id LIMIT 1`;

/** The events that sagas of a context wait for, kept because they may arrive before the saga begins to wait. */
@Injectable()
export class AwaitedEvents {
  /** Stores an event, and makes the sagas due that wait for it. Returns true when there are any. */
  async keep(transaction: Transaction, event: ReceivedEvent<unknown>): Promise<boolean> {
    const { id, type, subject, data } = event;
    await lock(transaction, type, subject);
    await transaction.query(KEEP, [id, type, subject, JSON.stringify(data)]);
    return (await transaction.query(WAKE, [type, subject])).length > 0;
  }

  /** The data of the first such event since the saga began. An event that arrives later finds the saga waiting. */
  async find(
    transaction: Transaction,
    { type, key }: NonNullable<Waiting['event']>,
    sagaId: string,
  ): Promise<{ readonly data: unknown } | undefined> {
    await lock(transaction, type, key);
    const [found] = await transaction.query<{ data: unknown }>(FIND, [type, key, sagaId]);
    return found;
  }
}

async function lock(transaction: Transaction, type: string, key: string): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [EVENT_LOCKS, `${type} ${key}`]);
}
