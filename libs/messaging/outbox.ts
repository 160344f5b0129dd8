import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { EventEnvelope, EventType } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { currentTrace } from '#libs/transport';

/** Keeps the events of a context until they are published. */
@Injectable()
export class Outbox {
  private wakeRelay: () => void = () => undefined;

  constructor(private readonly database: Database) {}

  /** Writes an event in the transaction that makes it true; it is published soon after the commit. */
  async add<Data>(transaction: Transaction, type: EventType<string, Data>, data: Data): Promise<void> {
    const envelope: EventEnvelope<Data> = {
      specversion: '1.0',
      id: uuidv7(),
      source: `/${this.database.context}`,
      type: type.name,
      subject: type.key(data),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      ...currentTrace(),
      data: type.schema.parse(data),
    };
    await transaction.query('INSERT INTO outbox (event_id, type, key, envelope) VALUES ($1, $2, $3, $4)', [
      envelope.id,
      envelope.type,
      envelope.subject,
      envelope,
    ]);
    transaction.afterCommit(() => this.wakeRelay());
  }

  /** The relay asks to be told about commits, so that it need not wait for its next look. */
  onCommit(wake: () => void): void {
    this.wakeRelay = wake;
  }
}
