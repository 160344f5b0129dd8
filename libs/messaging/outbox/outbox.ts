import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { EventEnvelope, EventType } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { currentTrace } from '@fissile/kit/observability';

const INSERT = `
  INSERT INTO outbox (event_id, type, key, envelope)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[])`;

/** Keeps the events of a context until they are published. */
@Injectable()
export class Outbox {
  private wakeRelay: () => void = () => undefined;

  constructor(private readonly database: Database) {}

  /** Writes an event in the transaction whose change it reports; it is published soon after the commit. */
  add<Data>(transaction: Transaction, type: EventType<string, Data>, data: Data): void {
    this.addPrepared(transaction, [this.prepare(type, data)]);
  }

  /** Builds the event to write; it belongs to the current request and trace. */
  prepare<Data>(type: EventType<string, Data>, data: Data): EventEnvelope<Data> {
    return {
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
  }

  /** Writes events (possibly of several requests) in one statement. */
  addPrepared(transaction: Transaction, envelopes: readonly EventEnvelope[]): void {
    if (envelopes.length === 0) return;
    transaction.queue(INSERT, [
      envelopes.map(({ id }) => id),
      envelopes.map(({ type: name }) => name),
      envelopes.map(({ subject }) => subject),
      envelopes.map((envelope) => JSON.stringify(envelope)),
    ]);
    transaction.afterCommit(() => this.wakeRelay());
  }

  /** Registers the relay's listener for commits, so that the relay need not wait for its next poll. */
  onCommit(wake: () => void): void {
    this.wakeRelay = wake;
  }
}
