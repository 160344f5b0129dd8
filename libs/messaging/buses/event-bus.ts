import type { ContextName, EventEnvelope } from '@fissile/kit/contract';

/** Receives events for one context. */
export interface Subscriber {
  readonly context: ContextName;
  /**
   * The event names without version that the context handles, such as `invoices.sent` for every version of
   * `invoices.sent.v1`. Versions that it does not know must be delivered too: they are dead-lettered.
   */
  handledEventNames(): readonly string[];
  /**
   * Handles the event, or dead-letters it. Rejects only for a transient error: then the same event must be
   * redelivered, before any later event of its key.
   */
  deliver(envelope: EventEnvelope): Promise<void>;
  /**
   * Like `deliver`, for a message as a broker carried it; a message that is not an event is dead-lettered with the
   * reason.
   * @param sentAs the type of event that the broker let its sender publish; it knows nothing of what is in the message
   */
  receive(message: string, sentAs?: string): Promise<void>;
  /**
   * Dead-letters a message that exceeded the broker's delivery limit, because every consumer that received it ended
   * before handling it. Rejects as `deliver` does. A broker keeps such messages for a subscriber without this method.
   */
  deadLetterMessage?(message: string, reason: string): Promise<void>;
  /** Keeps a message that cannot be trusted, to be looked at and not to be handled. Rejects as `deliver` does. */
  refuse?(message: string, reason: string): Promise<void>;
}

/** Carries events from the outbox of one context to the inboxes of all contexts that handle them, at least once. */
export abstract class EventBus {
  /** The messaging system, as traces name it. */
  abstract readonly system: string;

  /** Resolves when the bus has taken responsibility for the event; rejects when the event must be published again. */
  abstract publish(envelope: EventEnvelope): Promise<void>;

  /** Called before the start is complete, once for each context of this process. */
  abstract subscribe(subscriber: Subscriber): void;
}
