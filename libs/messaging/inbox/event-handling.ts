import { Logger } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { ContextError, type EventEnvelope, type EventType, isTransientError } from '@fissile/kit/contract';
import { Batches, type Database, type Transaction } from '@fissile/kit/database';
import { failSpan } from '@fissile/kit/observability';
import type { MessagingMetrics } from '../messaging-metrics.js';
import type { DeadLetters } from './dead-letters.js';
import {
  type Delivery,
  markProcessed,
  stopWaiting,
  TakenByAnother,
  type WaitingEvent,
  waitsBehindDeadLetter,
} from './waiting-events.js';

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
  readonly order: EventOrder;
}

/**
 * `key`: events of a key are handled in order, so later ones wait behind a dead letter until it is replayed or
 * discarded. `none`: they do not wait.
 */
export type EventOrder = 'key' | 'none';

/** What became of one event. */
type Outcome = 'ok' | 'duplicate' | 'waiting';

/** One event for one consumer. */
interface Item {
  readonly registration: Registration;
  readonly event: ReceivedEvent<never>;
  readonly prepared: unknown;
  /** Runs the handler in the event's own trace. */
  readonly within: <T>(work: () => T) => T;
}

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
  private readonly batches = new Map<string, Batches<Item, Outcome>>();

  constructor(
    private readonly database: Database,
    private readonly deadLetters: DeadLetters,
    private readonly metrics: MessagingMetrics,
  ) {}

  /**
   * Rejects with temporary failures only.
   * @param find may refuse the event
   * @param order of the consumer, for an event that is refused
   */
  async handleOrDeadLetter(
    consumer: string,
    envelope: EventEnvelope,
    find: () => Registration,
    order: EventOrder,
  ): Promise<void> {
    const handle = async (attempt: number): Promise<Outcome> => {
      const item = await this.preparedIfNew(itemOf(find(), envelope));
      if (!item) return 'duplicate';
      // An event that failed in a batch, or alone, is handled alone from now on.
      if (attempt === 1) return this.batchesOf(consumer).add(item);
      const [outcome = 'duplicate'] = await this.handle([item]);
      return outcome;
    };
    await this.attempt(consumer, handle, async (error) => {
      if (order === 'key' && (await waitsBehindDeadLetter(this.database, envelope, consumer))) {
        return this.metrics.handled(this.database.context, consumer, 'waiting');
      }
      await this.deadLetters.add(envelope, consumer, reasonOf(error));
      this.reportDeadLetter(consumer, envelope, error);
    });
  }

  /** Handles an event that has waited, or makes it a dead letter behind which the next ones wait. */
  async handleFreed(waiting: WaitingEvent, find: () => Registration): Promise<void> {
    const { consumer, envelope } = waiting;
    const stop = (transaction: Transaction): Promise<void> => stopWaiting(transaction, waiting);
    const handle = async (): Promise<Outcome> => {
      const item = await this.preparedIfNew(itemOf(find(), envelope));
      if (item) return (await this.handle([item], stop, { mayWait: false }))[0] ?? 'duplicate';
      await this.database.transaction(stop);
      return 'duplicate';
    };
    await this.attempt(consumer, handle, async (error) => {
      await this.database.transaction(async (transaction) => {
        await stop(transaction);
        await this.deadLetters.add(envelope, consumer, reasonOf(error), transaction);
      });
      this.reportDeadLetter(consumer, envelope, error);
    });
  }

  /** Rejects with temporary failures only. @param giveUp what to do with an event that cannot be handled */
  private async attempt(
    consumer: string,
    handle: (attempt: number) => Promise<Outcome>,
    giveUp: (error: unknown) => Promise<void>,
  ): Promise<void> {
    const { context } = this.database;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.metrics.handled(context, consumer, await handle(attempt));
      } catch (error) {
        if (error instanceof TakenByAnother) throw error;
        this.metrics.handled(context, consumer, 'failed');
        if (isTemporary(error)) throw error;
        if (attempt === MAX_ATTEMPTS || error instanceof EventRefused) return giveUp(error);
        await pause(FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  }

  /**
   * Handles the event once more, alone. Rejects with the handler's error.
   * @param also runs in the same commit
   */
  async again(registration: Registration, envelope: EventEnvelope, also: InTransaction): Promise<void> {
    await this.handle([await prepared(itemOf(registration, envelope))], also, { mayWait: false });
  }

  private reportDeadLetter(consumer: string, envelope: EventEnvelope, error: unknown): void {
    const reason = reasonOf(error);
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

  private batchesOf(consumer: string): Batches<Item, Outcome> {
    const known = this.batches.get(consumer);
    if (known) return known;
    const made = new Batches<Item, Outcome>((items) => this.handle(items), { repeatable: true });
    this.batches.set(consumer, made);
    return made;
  }

  /**
   * Handles events of one consumer (one or more) in one commit.
   * @param also runs in the same commit
   */
  private handle(
    items: readonly Item[],
    also: InTransaction = async () => undefined,
    { mayWait } = { mayWait: true },
  ): Promise<Outcome[]> {
    return this.database.transaction(async (transaction) => {
      await also(transaction);
      const deliveries = items.map((item) => deliveryOf(item, mayWait));
      const { fresh, blocked } = await markProcessed(transaction, deliveries);
      // An event that was delivered twice at the same time is new only once.
      const areNew = items.map(({ event }) => fresh.delete(event.id));
      const handled = items.map(async ({ registration, event, prepared, within }, index) => {
        if (areNew[index]) await within(() => registration.handler.handle(event, transaction, prepared));
      });
      // When one handler fails, the transaction still ends after all of them: none may use it after its end.
      await Promise.allSettled(handled);
      await Promise.all(handled);
      return items.map(({ event }, index) =>
        areNew[index] ? 'ok' : blocked.has(event.id) ? 'waiting' : 'duplicate',
      );
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

function deliveryOf({ registration, event }: Item, mayWait: boolean): Delivery {
  const { consumer, order } = registration;
  return { event, consumer, ordered: mayWait && order === 'key' };
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
