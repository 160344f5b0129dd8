import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ContextDefinition,
  ContextError,
  type ContextName,
  Envelope,
  type EventEnvelope,
  type EventType,
  eventNameOf,
  isConnectionFailure,
} from '@fissile/kit/contract';
import { Batches, Database, type Transaction } from '@fissile/kit/database';
import { failSpan } from '@fissile/kit/observability';
import { DeadLetters } from './dead-letters.js';
import { EventBus, type Subscriber } from '../buses/event-bus.js';
import { handling } from '../event-spans.js';
import { MessagingMetrics } from '../messaging-metrics.js';

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

/** A handler for each event that a context subscribes to, by the name of the event. */
export type EventHandlers<C extends Pick<ContextDefinition, 'subscribes'>> = {
  readonly [E in C['subscribes'][number] as E['name']]:
    EventHandler<DataOf<E>> | PreparedHandler<DataOf<E>, unknown>;
};

type DataOf<E> = E extends EventType<string, infer Data> ? Data : never;

interface Registration {
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

type InTransaction = (transaction: Transaction) => Promise<void>;

/** An event that fails this often, for a reason other than a transient error, is dead-lettered. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 25;

/**
 * Handles the events that reach a context: effectively exactly once, because an event's effects and its inbox record
 * are in one commit.
 */
@Injectable()
export class Inbox implements Subscriber, OnModuleInit {
  private readonly logger = new Logger(Inbox.name);
  private readonly registrations: Registration[] = [];
  /** One batcher per consumer, so that a slow consumer delays no other. */
  private readonly batches = new Map<string, Batches<Item, boolean>>();

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly deadLetters: DeadLetters,
    private readonly metrics: MessagingMetrics,
  ) {}

  onModuleInit(): void {
    this.bus.subscribe(this);
  }

  /**
   * Registers a handler for every event that the context subscribes to. Call it before the start is complete.
   * @param consumer a name that never changes: the inbox records handled events under it.
   */
  subscribe<C extends Pick<ContextDefinition, 'subscribes'>>(
    context: C,
    consumer: string,
    handlers: EventHandlers<C>,
  ): void {
    const byName = handlers as Readonly<Record<string, EventHandler<unknown>>>;
    for (const type of context.subscribes) {
      const handler = byName[type.name];
      if (!handler) throw new Error(`${consumer} has no handler for ${type.name}`);
      this.on(type, consumer, handler);
    }
  }

  /**
   * Registers a handler for one event. Call it before the start is complete.
   * @param consumer a name that never changes: the inbox records handled events under it.
   */
  on<Data, Prepared>(
    type: EventType<string, Data>,
    consumer: string,
    handler: EventHandler<Data> | PreparedHandler<Data, Prepared>,
  ): void {
    if (this.handles(type, consumer)) throw new Error(`${consumer} handles ${type.name} already`);
    const withPreparation =
      typeof handler === 'function' ? { prepare: async () => undefined, handle: handler } : handler;
    this.registrations.push({
      consumer,
      type,
      handler: withPreparation,
    });
  }

  /** Whether the consumer has a handler for that type, in that version. */
  handles({ name }: Pick<EventType, 'name'>, consumer: string): boolean {
    return this.registrations.some(
      (registration) => registration.consumer === consumer && registration.type.name === name,
    );
  }

  get context(): ContextName {
    return this.database.context;
  }

  handledEventNames(): readonly string[] {
    return [...new Set(this.registrations.map(({ type }) => eventNameOf(type.name)))];
  }

  async receive(message: string): Promise<void> {
    const read = readEnvelope(message);
    if (read.ok) return this.deliver(read.envelope);
    await this.deadLetters.addUnreadable(message, read.reason);
    this.logger.error(`A message became a dead letter: ${read.reason}`);
  }

  async deliver(envelope: EventEnvelope): Promise<void> {
    for (const consumer of this.consumersOf(eventNameOf(envelope.type))) {
      await handling(envelope, consumer, this.bus.system, () => this.handleOrDeadLetter(consumer, envelope));
    }
  }

  /**
   * Handles a dead letter again and removes it, in one commit. Rejects with the handler's error.
   * @param also runs in the same commit
   */
  async replay(deadLetterId: string, also: InTransaction = async () => undefined): Promise<void> {
    const letter = await this.deadLetters.get(deadLetterId);
    try {
      const envelope = Envelope.parse(letter.envelope);
      const registration = this.registrationOf(letter.consumer, envelope.type);
      await handling(envelope, letter.consumer, this.bus.system, async () =>
        this.handle([await prepared(itemOf(registration, envelope))], async (transaction) => {
          await this.deadLetters.remove(deadLetterId, transaction);
          await also(transaction);
        }),
      );
    } catch (error) {
      throw ContextError.of('dead_letter_failed_again', reasonOf(error));
    }
  }

  private consumersOf(eventName: string): string[] {
    const withName = this.registrations.filter(({ type }) => eventNameOf(type.name) === eventName);
    return [...new Set(withName.map(({ consumer }) => consumer))];
  }

  /** @throws EventRefused when the consumer does not know that version of the event */
  private registrationOf(consumer: string, type: string): Registration {
    const ofConsumer = this.registrations.filter((registration) => registration.consumer === consumer);
    const found = ofConsumer.find((registration) => registration.type.name === type);
    if (found) return found;
    const known = ofConsumer.map((registration) => registration.type.name);
    const versions = known.filter((name) => eventNameOf(name) === eventNameOf(type));
    throw new EventRefused(
      versions.length > 0
        ? `${type} is a version that ${consumer} does not know; it knows ${versions.join(', ')}`
        : `${consumer} does not handle ${type} any more`,
    );
  }

  private async handleOrDeadLetter(consumer: string, envelope: EventEnvelope): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const item = await this.preparedIfNew(itemOf(this.registrationOf(consumer, envelope.type), envelope));
        if (!item) return this.metrics.handled(this.context, consumer, 'duplicate');
        // An event that failed in a batch, or alone, is handled alone from now on.
        const isNew = await (attempt === 1
          ? this.batchesOf(consumer).add(item)
          : this.handle([item]).then(([first]) => first));
        return this.metrics.handled(this.context, consumer, isNew ? 'ok' : 'duplicate');
      } catch (error) {
        this.metrics.handled(this.context, consumer, 'failed');
        if (isTemporary(error)) throw error;
        if (attempt === MAX_ATTEMPTS || error instanceof EventRefused) {
          return this.deadLetter(consumer, envelope, error);
        }
        await pause(FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  }

  private async deadLetter(consumer: string, envelope: EventEnvelope, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    await this.deadLetters.add(envelope, consumer, reason);
    failSpan(error);
    this.metrics.handled(this.context, consumer, 'buried');
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
class EventRefused extends Error {}

type Reading =
  { readonly ok: true; readonly envelope: EventEnvelope } | { readonly ok: false; readonly reason: string };

function readEnvelope(message: string): Reading {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return { ok: false, reason: 'It is not JSON' };
  }
  const parsed = Envelope.safeParse(value);
  if (parsed.success) return { ok: true, envelope: parsed.data };
  return { ok: false, reason: `It is not a CloudEvents envelope of ours: ${issuesOf(parsed.error.issues)}` };
}

function issuesOf(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ');
}

function isTemporary(error: unknown): boolean {
  return isConnectionFailure(error) || (error instanceof ContextError && error.retryable);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
