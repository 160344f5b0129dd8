import type { ContextName, EventEnvelope } from '#libs/contracts';

/** Takes delivery of events for one context. */
export interface Subscriber {
  readonly context: ContextName;
  /** The types of event that the context handles. */
  handledTypes(): readonly string[];
  /** Handles the event; rejects when it must be delivered again. */
  deliver(envelope: EventEnvelope): Promise<void>;
}

/** Carries events from the outbox of one context to the inboxes of all that handle them, at least once. */
export abstract class EventBus {
  /** Resolves when the bus has taken responsibility for the event; rejects when it must be published again. */
  abstract publish(envelope: EventEnvelope): Promise<void>;

  abstract subscribe(subscriber: Subscriber): void;
}
