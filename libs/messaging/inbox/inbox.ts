import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  type ContextDefinition,
  ContextError,
  type ContextName,
  Envelope,
  type EventEnvelope,
  type EventType,
  eventNameOf,
  hasCode,
} from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { DeadLetters } from './dead-letters.js';
import {
  type EventHandler,
  EventHandling,
  type EventOrder,
  EventRefused,
  type InTransaction,
  issuesOf,
  type PreparedHandler,
  reasonOf,
  type Registration,
} from './event-handling.js';
import { freedEvents, TakenByAnother, type WaitingEvent } from './waiting-events.js';
import { EventBus, type Subscriber } from '../buses/event-bus.js';
import { handling } from '../event-spans.js';
import { MessagingMetrics } from '../messaging-metrics.js';

/** A handler for each event that a context subscribes to, by the name of the event. */
export type EventHandlers<C extends Pick<ContextDefinition, 'subscribes'>> = {
  readonly [E in C['subscribes'][number] as E['name']]:
    EventHandler<DataOf<E>> | PreparedHandler<DataOf<E>, unknown>;
};

type DataOf<E> = E extends EventType<string, infer Data> ? Data : never;

/**
 * Knows what handles the events of a context, and has those that reach it handled: effectively exactly once, because an
 * event's effects and its inbox record are in one commit.
 */
@Injectable()
export class Inbox implements Subscriber, OnModuleInit {
  private readonly logger = new Logger(Inbox.name);
  private readonly registrations: Registration[] = [];
  private readonly single: EventHandling;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly deadLetters: DeadLetters,
    metrics: MessagingMetrics,
  ) {
    this.single = new EventHandling(database, deadLetters, metrics);
  }

  onModuleInit(): void {
    this.bus.subscribe(this);
  }

  /**
   * Registers a handler for every event that the context subscribes to. Call it before the start is complete.
   * @param consumer a name that never changes: the inbox records handled events under it.
   * @param options `order: 'none'` when later events of a key need not wait behind a dead letter
   */
  subscribe<C extends Pick<ContextDefinition, 'subscribes'>>(
    context: C,
    consumer: string,
    handlers: EventHandlers<C>,
    options: { order?: EventOrder } = {},
  ): void {
    const byName = handlers as Readonly<Record<string, EventHandler<unknown>>>;
    for (const type of context.subscribes) {
      const handler = byName[type.name];
      if (!handler) throw new Error(`${consumer} has no handler for ${type.name}`);
      this.on(type, consumer, handler, options);
    }
  }

  /**
   * Registers a handler for one event. Call it before the start is complete.
   * @param consumer a name that never changes: the inbox records handled events under it.
   * @param options `order: 'none'` when later events of a key need not wait behind a dead letter
   */
  on<Data, Prepared>(
    type: EventType<string, Data>,
    consumer: string,
    handler: EventHandler<Data> | PreparedHandler<Data, Prepared>,
    { order = 'key' }: { order?: EventOrder } = {},
  ): void {
    if (this.handles(type, consumer)) throw new Error(`${consumer} handles ${type.name} already`);
    const withPreparation =
      typeof handler === 'function' ? { prepare: async () => undefined, handle: handler } : handler;
    this.registrations.push({
      consumer,
      type,
      handler: withPreparation,
      order,
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

  /** Each consumer, and the events that it handles, by their names without version. */
  subscriptions(): readonly { readonly consumer: string; readonly eventName: string }[] {
    const all = this.registrations.map(({ consumer, type }) => ({
      consumer,
      eventName: eventNameOf(type.name),
    }));
    return [...new Map(all.map((one) => [`${one.consumer} ${one.eventName}`, one])).values()];
  }

  async receive(message: string): Promise<void> {
    const read = readEnvelope(message);
    if (read.ok) return this.deliver(read.envelope);
    await this.refuse(message, read.reason);
  }

  async refuse(message: string, reason: string): Promise<void> {
    const isKept = await this.deadLetters.addUnreadable(message, reason);
    if (isKept) this.logger.error(`A message became a dead letter: ${reason}`);
  }

  async deliver(envelope: EventEnvelope): Promise<void> {
    for (const consumer of this.consumersOf(eventNameOf(envelope.type))) {
      const find = (): Registration => this.registrationOf(consumer, envelope.type);
      await handling(envelope, consumer, this.bus.system, () =>
        this.single.handleOrDeadLetter(consumer, envelope, find, this.orderOf(consumer)),
      );
    }
  }

  /**
   * Handles a dead letter again and removes it, in one commit.
   * @param also runs in the same commit
   * @throws ContextError dead_letter_not_found, also when it was replayed or discarded meanwhile;
   *   dead_letter_failed_again with the handler's error
   */
  async replay(deadLetterId: string, also: InTransaction = async () => undefined): Promise<void> {
    const letter = await this.deadLetters.get(deadLetterId);
    try {
      const envelope = Envelope.parse(letter.envelope);
      const registration = this.registrationOf(letter.consumer, envelope.type);
      await handling(envelope, letter.consumer, this.bus.system, async () =>
        this.single.again(registration, envelope, async (transaction) => {
          await this.deadLetters.remove(deadLetterId, transaction);
          await also(transaction);
        }),
      );
    } catch (error) {
      if (hasCode(error, 'dead_letter_not_found')) throw error;
      throw ContextError.of('dead_letter_failed_again', reasonOf(error));
    }
  }

  /**
   * Handles events whose dead letter was replayed or discarded, one of each key. Polled.
   * @returns whether there may be more
   */
  async handleFreed(): Promise<boolean> {
    const consumers = [...new Set(this.registrations.map(({ consumer }) => consumer))];
    const freed = await freedEvents(this.database, consumers);
    const handled = await Promise.all(freed.map((waiting) => this.handleOneFreed(waiting)));
    return handled.some(Boolean);
  }

  /** False when it goes on waiting, because of a temporary failure. */
  private async handleOneFreed(waiting: WaitingEvent): Promise<boolean> {
    const { consumer, envelope } = waiting;
    try {
      await handling(envelope, consumer, this.bus.system, () =>
        this.single.handleFreed(waiting, () => this.registrationOf(consumer, envelope.type)),
      );
      return true;
    } catch (error) {
      if (error instanceof TakenByAnother) return true;
      this.logger.warn(`${envelope.type} ${envelope.id} goes on waiting: ${reasonOf(error)}`);
      return false;
    }
  }

  /** A consumer is in order unless all its registrations say otherwise. */
  private orderOf(consumer: string): EventOrder {
    const own = this.registrations.filter((registration) => registration.consumer === consumer);
    return own.some(({ order }) => order === 'key') ? 'key' : 'none';
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
}

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
