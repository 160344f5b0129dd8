import type { ContextName, EventEnvelope } from '@fissile/kit/contract';

/** Takes delivery of events for one context. */
export interface Subscriber {
  readonly context: ContextName;
  /**
   * The families of types that the context handles, such as `invoices.sent` for every version of
   * `invoices.sent.v1`. Versions that it does not know must be delivered too: they become dead letters.
   */
  handledEventNames(): readonly string[];
  /**
   * Handles the event, or buries it. Rejects only for a fault that passes: then the same event must be delivered again,
   * and none of its key before it.
   */
  deliver(envelope: EventEnvelope): Promise<void>;
  /** Like `deliver`, for a message as a broker carried it; one that is no event at all is buried with the reason. */
  receive(message: string): Promise<void>;
  /**
   * Buries a message that a broker gives up on, since every consumer that took it ended before it was handled. Rejects
   * as `deliver` does. A broker keeps such messages for a subscriber that cannot.
   */
  deadLetterMessage?(message: string, reason: string): Promise<void>;
}

/** Carries events from the outbox of one context to the inboxes of all that handle them, at least once. */
export abstract class EventBus {
  /** What carries the events, as traces name it. */
  abstract readonly system: string;

  /** Resolves when the bus has taken responsibility for the event; rejects when it must be published again. */
  abstract publish(envelope: EventEnvelope): Promise<void>;

  /** Called before the start is complete, once for each context of this process. */
  abstract subscribe(subscriber: Subscriber): void;
}
