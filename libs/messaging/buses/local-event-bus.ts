import { Injectable } from '@nestjs/common';
import { type ContextName, type EventEnvelope, eventNameOf } from '@fissile/kit/contract';
import { EventBus, type Subscriber } from './event-bus.js';

/**
 * The bus inside a process. An event counts as published when every subscriber has handled it, so after a crash in
 * between it is still in the outbox and is delivered again.
 */
@Injectable()
export class LocalEventBus extends EventBus {
  readonly system = 'local';
  private readonly subscribers: Subscriber[] = [];
  private isHosted: (context: ContextName) => boolean = () => true;
  private onDelivery: (source: ContextName, context: ContextName) => void = () => undefined;

  /** From now on, only contexts that are hosted here receive what is published here. */
  limitTo(isHosted: (context: ContextName) => boolean): void {
    this.isHosted = isHosted;
  }

  /** From now on, each delivery is reported: which context has published, and which is given the event. */
  reportTo(onDelivery: (source: ContextName, context: ContextName) => void): void {
    this.onDelivery = onDelivery;
  }

  subscribe(subscriber: Subscriber): void {
    this.subscribers.push(subscriber);
  }

  async publish(envelope: EventEnvelope): Promise<void> {
    await this.deliver(
      envelope,
      this.subscribers.filter(({ context }) => this.isHosted(context)),
    );
  }

  /** Publishes to one context only. */
  async publishTo(context: ContextName, envelope: EventEnvelope): Promise<void> {
    await this.deliver(
      envelope,
      this.subscribers.filter((subscriber) => subscriber.context === context),
    );
  }

  /** The names of the events that a context of this process handles. */
  eventNamesHandledBy(context: ContextName): string[] {
    return this.subscribers
      .filter((subscriber) => subscriber.context === context)
      .flatMap((subscriber) => subscriber.handledEventNames());
  }

  private async deliver(envelope: EventEnvelope, subscribers: readonly Subscriber[]): Promise<void> {
    const eventName = eventNameOf(envelope.type);
    const interested = subscribers.filter((subscriber) => subscriber.handledEventNames().includes(eventName));
    const source = envelope.source.slice(1);
    for (const context of new Set(interested.map((subscriber) => subscriber.context))) {
      this.onDelivery(source, context);
    }
    // Each subscriber gets a copy, as it would from a broker.
    await Promise.all(interested.map((subscriber) => subscriber.deliver(structuredClone(envelope))));
  }
}
