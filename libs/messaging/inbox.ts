import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ContextError, type ContextName, type EventEnvelope, type EventType } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { isConnectionFailure } from '#libs/transport';
import { DeadLetters } from './dead-letters.js';
import { EventBus, type Subscriber } from './event-bus.js';

/** An event whose data were checked against its schema. */
export interface ReceivedEvent<Data> extends EventEnvelope {
  readonly data: Data;
}

export type EventHandler<Data> = (event: ReceivedEvent<Data>, transaction: Transaction) => Promise<void>;

interface Registration {
  readonly consumer: string;
  readonly type: EventType<string, unknown>;
  readonly handler: EventHandler<never>;
}

/** An event that fails this often, for a reason that waiting does not mend, becomes a dead letter. */
const MAX_ATTEMPTS = 5;

/** Handles the events that reach a context: in effect exactly once, since the handling and its record are one commit. */
@Injectable()
export class Inbox implements Subscriber, OnModuleInit {
  private readonly logger = new Logger(Inbox.name);
  private readonly registrations: Registration[] = [];
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly deadLetters: DeadLetters,
  ) {}

  onModuleInit(): void {
    this.bus.subscribe(this);
  }

  /**
   * Registers a handler, to be called before the start is complete.
   * @param consumer a name that stays the same for ever: what was handled is recorded under it.
   */
  on<Data>(type: EventType<string, Data>, consumer: string, handler: EventHandler<Data>): void {
    if (
      this.registrations.some(
        (registration) => registration.consumer === consumer && registration.type === type,
      )
    ) {
      throw new Error(`${consumer} handles ${type.name} already`);
    }
    this.registrations.push({ consumer, type, handler });
  }

  get context(): ContextName {
    return this.database.context as ContextName;
  }

  handledTypes(): readonly string[] {
    return [...new Set(this.registrations.map(({ type }) => type.name))];
  }

  async deliver(envelope: EventEnvelope): Promise<void> {
    for (const registration of this.registrationsFor(envelope.type)) {
      await this.handleOrBury(registration, envelope);
    }
  }

  /** Handles a dead letter again and removes it, in one commit. Rejects with the handler's error. */
  async replay(deadLetterId: string): Promise<void> {
    const letter = await this.deadLetters.get(deadLetterId);
    const registration = this.registrationsFor(letter.envelope.type).find(
      ({ consumer }) => consumer === letter.consumer,
    );
    if (!registration) {
      throw ContextError.of(
        'dead_letter_failed_again',
        `Nothing handles ${letter.envelope.type} here any more`,
      );
    }
    try {
      await this.handle(registration, letter.envelope, (transaction) =>
        this.deadLetters.remove(deadLetterId, transaction),
      );
    } catch (error) {
      throw ContextError.of('dead_letter_failed_again', reasonOf(error));
    }
  }

  private registrationsFor(type: string): Registration[] {
    return this.registrations.filter((registration) => registration.type.name === type);
  }

  private async handleOrBury(registration: Registration, envelope: EventEnvelope): Promise<void> {
    const failureKey = `${envelope.id} ${registration.consumer}`;
    try {
      await this.handle(registration, envelope);
      this.failures.delete(failureKey);
    } catch (error) {
      if (isTemporary(error)) throw error;
      const attempts = (this.failures.get(failureKey) ?? 0) + 1;
      this.failures.set(failureKey, attempts);
      if (attempts < MAX_ATTEMPTS && !(error instanceof EventInvalid)) throw error;
      await this.deadLetters.add(envelope, registration.consumer, reasonOf(error));
      this.failures.delete(failureKey);
      this.logger.error(`${envelope.type} ${envelope.id} became a dead letter: ${reasonOf(error)}`);
    }
  }

  private async handle(
    registration: Registration,
    envelope: EventEnvelope,
    also: (transaction: Transaction) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const parsed = registration.type.schema.safeParse(envelope.data);
    if (!parsed.success) throw new EventInvalid(parsed.error.issues);
    await this.database.transaction(async (transaction) => {
      await also(transaction);
      const isNew = await transaction.query(
        'INSERT INTO inbox (event_id, consumer) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
        [envelope.id, registration.consumer],
      );
      if (isNew.length === 0) return;
      await registration.handler({ ...envelope, data: parsed.data as never }, transaction);
    });
  }
}

/** The data do not fit the schema of the event's type; trying again cannot help. */
class EventInvalid extends Error {
  constructor(issues: readonly { path: PropertyKey[]; message: string }[]) {
    super(
      `The data do not fit the schema: ${issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
    );
  }
}

function isTemporary(error: unknown): boolean {
  return isConnectionFailure(error) || (error instanceof ContextError && error.retryable);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
