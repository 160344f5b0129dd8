import { Injectable } from '@nestjs/common';
import { type ContextName, type EventEnvelope, familyOf } from '#libs/contracts';
import { EventBus, type Subscriber } from './event-bus.js';
import { LocalEventBus } from './local-event-bus.js';
import { RemoteInboxes } from './remote-inboxes.js';

/** A type that a context has begun to handle, by a new version of it, is delivered to it after this time at the latest. */
const ASK_AGAIN_AFTER_MS = 30_000;

interface Interest {
  readonly families: ReadonlySet<string>;
  readonly askedAt: number;
}

/**
 * The bus of several processes without a broker: events go straight to each context that handles them. An event counts
 * as published when all have handled it; while one of them is down it stays in the outbox and is tried again.
 */
@Injectable()
export class DirectEventBus extends EventBus {
  readonly system = 'direct';
  private readonly interests = new Map<ContextName, Interest>();

  constructor(
    private readonly here: LocalEventBus,
    private readonly elsewhere: RemoteInboxes,
  ) {
    super();
  }

  subscribe(subscriber: Subscriber): void {
    this.here.subscribe(subscriber);
  }

  async publish(envelope: EventEnvelope): Promise<void> {
    await Promise.all([
      this.here.publish(envelope),
      ...this.elsewhere.contexts().map((context) => this.publishTo(context, envelope)),
    ]);
  }

  private async publishTo(context: ContextName, envelope: EventEnvelope): Promise<void> {
    if (await this.handles(context, familyOf(envelope.type))) await this.elsewhere.deliver(context, envelope);
  }

  /** A context that is down and never said what it handles might handle it, so the event must wait for it. */
  private async handles(context: ContextName, family: string): Promise<boolean> {
    const known = this.interests.get(context);
    if (known && Date.now() - known.askedAt < ASK_AGAIN_AFTER_MS) return known.families.has(family);
    try {
      const families = new Set((await this.elsewhere.handledTypes(context)).map(familyOf));
      this.interests.set(context, { families, askedAt: Date.now() });
      return families.has(family);
    } catch (error) {
      if (known) return known.families.has(family);
      throw error;
    }
  }
}
