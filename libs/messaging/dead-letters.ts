import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ContextError, type EventEnvelope } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';

/** An event that one consumer could not handle. */
export interface DeadLetterRecord {
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  readonly createdAt: Date;
  readonly envelope: EventEnvelope;
}

interface DeadLetterRow {
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  readonly created_at: Date;
  readonly envelope: EventEnvelope;
}

/** The events that a context gave up on, kept until an operator replays or discards them. */
@Injectable()
export class DeadLetters {
  constructor(private readonly database: Database) {}

  async add(envelope: EventEnvelope, consumer: string, reason: string): Promise<void> {
    await this.database.query(
      `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT ON CONSTRAINT dead_letters_once DO NOTHING`,
      [uuidv7(), envelope.id, consumer, envelope.type, reason, envelope],
    );
  }

  /** Newest first, older than the id that is given. */
  async list(limit: number, olderThan?: string): Promise<DeadLetterRecord[]> {
    const rows = await this.database.query<DeadLetterRow>(
      `SELECT id, consumer, reason, created_at, envelope FROM dead_letters
       WHERE $2::uuid IS NULL OR id < $2 ORDER BY id DESC LIMIT $1`,
      [limit, olderThan ?? null],
    );
    return rows.map(toRecord);
  }

  /** @throws ContextError dead_letter_not_found */
  async get(id: string): Promise<DeadLetterRecord> {
    const [row] = await this.database.query<DeadLetterRow>(
      'SELECT id, consumer, reason, created_at, envelope FROM dead_letters WHERE id = $1',
      [id],
    );
    if (!row) throw ContextError.of('dead_letter_not_found');
    return toRecord(row);
  }

  async remove(id: string, transaction: Transaction): Promise<void> {
    const removed = await transaction.query('DELETE FROM dead_letters WHERE id = $1 RETURNING 1', [id]);
    if (removed.length === 0) throw ContextError.of('dead_letter_not_found');
  }

  /** @throws ContextError dead_letter_not_found */
  async discard(id: string): Promise<void> {
    await this.database.transaction((transaction) => this.remove(id, transaction));
  }
}

function toRecord(row: DeadLetterRow): DeadLetterRecord {
  return {
    id: row.id,
    consumer: row.consumer,
    reason: row.reason,
    createdAt: row.created_at,
    envelope: row.envelope,
  };
}
