import { Logger } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { ContextError, type EventEnvelope, type EventType, isTransientError } from '@fissile/kit/contract';
import { Batches, type Database, type Transaction } from '@fissile/kit/database';
import { failSpan } from '@fissile/kit/observability';
import type { MessagingMetrics } from '../messaging-metrics.js';
import type { DeadLetters } from './dead-letters.js';

/** An event whose data were validated against its schema. */
export interface ReceivedEvent<Data> extends EventEnvelope {
  readonly data: Data;
}

export type EventHandler<Data> = (event: ReceivedEvent<Data>, transaction: Transaction) => Promise<void>;

/** For a handler that needs data from the network: its transaction must not stay open during the request. */
export interface PreparedHandler<Data, Prepared> {
  /** Runs before the transaction begins, for each attempt, possibly also for an event that was already handled. */
  prepare(event: ReceivedEvent<Data>): Promise<Prepared>;
  /** Receives the prepared value. It awaits nothing but its transaction. */
  handle(event: ReceivedEvent<Data>, transaction: Transaction, prepared: Prepared): Promise<void>;
}

/** That a consumer handles a type of event, and how. */
export interface Registration {
  readonly consumer: string;
  readonly type: EventType<string, unknown>;
  readonly handler: PreparedHandler<never, unknown>;
}

/** One event for one consumer. */
interface Item {
  readonly registration: Registration;
  readonly event: ReceivedEvent<never>;
  readonly prepared: unknown;
  /** Runs the handler in the event's own trace. */
  readonly within: <T>(work: () => T) => T;
}

/** Returns the events that were not handled before. */
const MARK_PROCESSED = `
  INSERT INTO inbox (event_id, consumer) SELECT * FROM unnest($1::uuid[], $2::text[])
  ON CONFLICT DO NOTHING RETURNING event_id AS "eventId"`;

export type InTransaction = (transaction: Transaction) => Promise<void>;

/** An event that fails this often, for a reason other than a transient error, is dead-lettered. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 25;

/**
 * Handles single events for their consumers: in batches where they come together, again after a failure, and as a dead
 * letter in the end.
 */
export class EventHandling {
  private readonly logger = new Logger('Inbox');
  /** One batcher per consumer, so that a slow consumer delays no other. */
  private readonly batches = new Map<string, Batches<Item, boolean>>();

  constructor(
    private readonly database: Database,
    private readonly deadLetters: DeadLetters,
    private readonly metrics: MessagingMetrics,
  ) {}

  /**
   * Rejects with temporary failures only.
   * @param find may refuse the event
   */
  async handleOrDeadLetter(
    consumer: string,
    envelope: EventEnvelope,
    find: () => Registration,
  ): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const item = await this.preparedIfNew(itemOf(find(), envelope));
        if (!item) return this.metrics.handled(this.database.context, consumer, 'duplicate');
        // An event that failed in a batch, or alone, is handled alone from now on.
        const isNew = await (attempt === 1
          ? this.batchesOf(consumer).add(item)
          : this.handle([item]).then(([first]) => first));
        return this.metrics.handled(this.database.context, consumer, isNew ? 'ok' : 'duplicate');
      } catch (error) {
        this.metrics.handled(this.database.context, consumer, 'failed');
        if (isTemporary(error)) throw error;
        if (attempt === MAX_ATTEMPTS || error instanceof EventRefused) {
          return this.deadLetter(consumer, envelope, error);
        }
        await pause(FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  }

  /**
   * Handles the event once more, alone. Rejects with the handler's error.
   * @param also runs in the same commit
   */
  async again(registration: Registration, envelope: EventEnvelope, also: InTransaction): Promise<void> {
    await this.handle([await prepared(itemOf(registration, envelope))], also);
  }

  private async deadLetter(consumer: string, envelope: EventEnvelope, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    await this.deadLetters.add(envelope, consumer, reason);
    failSpan(error);
    this.metrics.handled(this.database.context, consumer, 'buried');
    this.logger.error(`${envelope.type} ${envelope.id} became a dead letter of ${consumer}: ${reason}`);
  }

  /** Undefined for an event whose preparation failed and is not needed, because the event was already handled. */
  private async preparedIfNew(item: Item): Promise<Item | undefined> {
    try {
      return await prepared(item);
    } catch (error) {
      const { registration, event } = item;
      const [row] = await this.database.query('SELECT 1 FROM inbox WHERE event_id = $1 AND consumer = $2', [
        event.id,
        registration.consumer,
      ]);
      if (row) return undefined;
      throw error;
    }
  }

  private batchesOf(consumer: string): Batches<Item, boolean> {
    const known = this.batches.get(consumer);
    if (known) return known;
    const made = new Batches<Item, boolean>((items) => this.handle(items), { repeatable: true });
    this.batches.set(consumer, made);
    return made;
  }

  /** Handles events of one consumer (one or more) in one commit. False for an event that was already handled. */
  private handle(items: readonly Item[], also: InTransaction = async () => undefined): Promise<boolean[]> {
    return this.database.transaction(async (transaction) => {
      await also(transaction);
      const fresh = await markProcessed(transaction, items);
      // An event that was delivered twice at the same time is new only once.
      const areNew = items.map(({ event }) => fresh.delete(event.id));
      const handled = items.map(async ({ registration, event, prepared, within }, index) => {
        if (areNew[index]) await within(() => registration.handler.handle(event, transaction, prepared));
      });
      // When one handler fails, the transaction still ends after all of them: none may use it after its end.
      await Promise.allSettled(handled);
      await Promise.all(handled);
      return areNew;
    });
  }
}

/** @throws EventRefused when the data do not match the schema that the consumer knows */
function itemOf(registration: Registration, envelope: EventEnvelope): Item {
  const parsed = registration.type.schema.safeParse(envelope.data);
  if (!parsed.success)
    throw new EventRefused(`The data do not fit the schema: ${issuesOf(parsed.error.issues)}`);
  const event = { ...envelope, data: parsed.data as never };
  return { registration, event, prepared: undefined, within: AsyncLocalStorage.snapshot() };
}

async function prepared(item: Item): Promise<Item> {
  return { ...item, prepared: await item.registration.handler.prepare(item.event) };
}

/** Marks events as processed, and returns the ids of those that were not processed before. */
async function markProcessed(transaction: Transaction, items: readonly Item[]): Promise<Set<string>> {
  const rows = await transaction.query<{ eventId: string }>(MARK_PROCESSED, [
    items.map(({ event }) => event.id),
    items.map(({ registration }) => registration.consumer),
  ]);
  return new Set(rows.map(({ eventId }) => eventId));
}

/** The event can never be handled in its current form; a retry cannot help. */
export class EventRefused extends Error {}

function isTemporary(error: unknown): boolean {
  return isTransientError(error) || (error instanceof ContextError && error.retryable);
}

/** The issues that a schema has with data. */
export function issuesOf(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ');
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
