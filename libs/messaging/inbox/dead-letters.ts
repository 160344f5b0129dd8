import { Injectable } from '@nestjs/common';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { ContextError, type EventEnvelope } from '@fissile/kit/contract';
import { REASON_WORDS } from '../messaging.migration.js';
import {
  Database,
  type MadeBetween,
  type PageOfRows,
  RowSearch,
  type Transaction,
} from '@fissile/kit/database';

/** An event that one consumer could not handle. */
export interface DeadLetterRecord {
  readonly id: string;
  readonly eventId: string;
  /** The event's type; `unreadable` for a message that is not an event. */
  readonly type: string;
  readonly consumer: string;
  readonly reason: string;
  readonly createdAt: Date;
  /** A CloudEvents envelope, or `{ unreadable: text }`. */
  readonly envelope: unknown;
}

/** Which dead letters an operator looks for: whatever is here must fit. */
export interface DeadLetterFilter extends MadeBetween {
  readonly type?: string | undefined;
  /** The id of the dead letter, or of the event. */
  readonly id?: string | undefined;
  /** Words of the reason, each from its beginning on. */
  readonly text?: string | undefined;
}

export type DeadLetterAction = 'replay' | 'discard';

function searchOf({ type, id, text, ...made }: DeadLetterFilter): RowSearch {
  return new RowSearch()
    .whereIndexed(type, 'type', 'text')
    .where(id, (of) => `(id = ${of}::uuid OR event_id = ${of}::uuid)`)
    .whereWords(text, REASON_WORDS)
    .made(made);
}

const COLUMNS = 'id, event_id AS "eventId", type, consumer, reason, created_at AS "createdAt", envelope';

/** Namespace that gives the same unreadable message the same id, however often a broker delivers it. */
const UNREADABLE_NAMESPACE = '0199f2a0-6f0e-7cc1-9d3b-4c9a35a4f1f7';
/** How much of a message that is not an event is kept for inspection. */
const MAX_KEPT_CHARACTERS = 100_000;
/** How many such messages are kept: who may publish at the broker must not fill the database. */
const MAX_UNREADABLE = 1_000;

/** The events that a context has dead-lettered, kept until an operator replays or discards them. */
@Injectable()
export class DeadLetters {
  constructor(private readonly database: Database) {}

  async add(
    envelope: EventEnvelope,
    consumer: string,
    reason: string,
    within: Database | Transaction = this.database,
  ): Promise<void> {
    await within.query(
      `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT ON CONSTRAINT dead_letters_once DO NOTHING`,
      [uuidv7(), envelope.id, consumer, envelope.type, reason, envelope],
    );
  }

  /**
   * Keeps a message that is not an event: it can be inspected and discarded, not replayed.
   * @returns false when it is there already, or when there are 1,000 of them
   */
  async addUnreadable(message: string, reason: string): Promise<boolean> {
    const kept = { unreadable: message.slice(0, MAX_KEPT_CHARACTERS).replaceAll('\0', '') };
    const added = await this.database.query(
      `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope)
       SELECT $1, $2, 'inbox', 'unreadable', $3, $4
       WHERE (SELECT count(*) FROM (SELECT 1 FROM dead_letters WHERE type = 'unreadable' LIMIT $5) AS others) < $5
       ON CONFLICT ON CONSTRAINT dead_letters_once DO NOTHING RETURNING 1`,
      [uuidv7(), uuidv5(message, UNREADABLE_NAMESPACE), reason, kept, MAX_UNREADABLE],
    );
    return added.length > 0;
  }

  /** Newest first, older than the given id. */
  list(limit: number, olderThan?: string): Promise<DeadLetterRecord[]> {
    return this.search({ limit, cursor: olderThan }, {});
  }

  /** Newest first, unless the page says otherwise. */
  search(page: PageOfRows, filter: DeadLetterFilter): Promise<DeadLetterRecord[]> {
    const search = searchOf(filter);
    return this.database.query<DeadLetterRecord>(
      `SELECT ${COLUMNS} FROM dead_letters ${search.page(page)}`,
      search.values,
    );
  }

  /** How many fit, 5,000 at most, and the ids of those on which the action has an effect, oldest first. */
  async match(
    action: DeadLetterAction,
    filter: DeadLetterFilter,
    limit: number,
  ): Promise<{ readonly matching: number; readonly ids: string[] }> {
    const all = searchOf(filter);
    const [row] = await this.database.query<{ count: number }>(all.counting('dead_letters'), all.values);
    // What is not an event can be discarded, and nothing else.
    const open = searchOf(filter).whereTrue(action === 'replay' ? `type <> 'unreadable'` : undefined);
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM dead_letters ${open.page({ limit, oldestFirst: true })}`,
      open.values,
    );
    return { matching: row?.count ?? 0, ids: rows.map(({ id }) => id) };
  }

  /** @throws ContextError dead_letter_not_found */
  async get(id: string): Promise<DeadLetterRecord> {
    const [letter] = await this.database.query<DeadLetterRecord>(
      `SELECT ${COLUMNS} FROM dead_letters WHERE id = $1`,
      [id],
    );
    if (!letter) throw ContextError.of('dead_letter_not_found');
    return letter;
  }

  /** Deletes the events of a key that could not be handled, and those that wait behind them. */
  async deleteOf(key: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(`DELETE FROM dead_letters WHERE envelope ->> 'subject' = $1`, [key]);
      await transaction.query('DELETE FROM waiting_events WHERE key = $1', [key]);
    });
  }

  async remove(id: string, transaction: Transaction): Promise<void> {
    const removed = await transaction.query('DELETE FROM dead_letters WHERE id = $1 RETURNING 1', [id]);
    if (removed.length === 0) throw ContextError.of('dead_letter_not_found');
  }

  /**
   * Deletes a dead letter for good: the event counts as processed, so that it is not handled when it is delivered again.
   * @param also runs in the same commit
   * @throws ContextError dead_letter_not_found
   */
  async discard(
    id: string,
    also: (transaction: Transaction) => Promise<void> = async () => undefined,
  ): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(
        `INSERT INTO inbox (event_id, consumer) SELECT event_id, consumer FROM dead_letters WHERE id = $1
         ON CONFLICT DO NOTHING`,
        [id],
      );
      await this.remove(id, transaction);
      await also(transaction);
    });
  }
}
