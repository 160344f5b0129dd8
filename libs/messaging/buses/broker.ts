import type { ContextName, EventEnvelope } from '@fissile/kit/contract';
import type { Subscriber } from './event-bus.js';

/** The events that contexts handle, by context, as event names without version. */
export type Subscriptions = ReadonlyMap<ContextName, readonly string[]>;

/** A message broker that carries events: RabbitMQ, Kafka or NATS. */
export interface Broker {
  /** The name that /health reports. */
  readonly name: string;
  /**
   * Connects, declares what the broker needs, and begins to consume for the subscribers; rejects rather than hangs.
   */
  open(subscribers: readonly Subscriber[]): Promise<BrokerSession>;
}

/**
 * Everything that depends on one connection to a broker. It is never repaired: when it breaks, a new one is opened.
 */
export interface BrokerSession {
  /**
   * Resolves with the reason when the connection, or anything else that it needs, is lost, and after close(). Never
   * rejects.
   */
  readonly lost: Promise<string>;
  /** Resolves when the broker has stored the event durably; rejects when it may not have it. */
  publish(envelope: EventEnvelope): Promise<void>;
  /**
   * Stops receiving events, waits for the handlers in flight, and closes. Unhandled events are redelivered. Never
   * rejects.
   */
  close(): Promise<void>;
}
