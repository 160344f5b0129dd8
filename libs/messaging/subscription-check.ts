import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { subscribedFamilies } from '#libs/contracts';
import { EventBusStartError } from './event-bus-start-error.js';
import { Inbox } from './inbox.js';

/**
 * Holds a context to what libs/contracts/subscriptions.ts says of it. On the buses without a broker the list is not
 * needed, but a context must not find that out on the day when a broker is chosen.
 */
@Injectable()
export class SubscriptionCheck implements OnApplicationBootstrap {
  constructor(private readonly inbox: Inbox) {}

  /** @throws EventBusStartError */
  onApplicationBootstrap(): void {
    const { context } = this.inbox;
    const known = subscribedFamilies(context);
    const missing = this.inbox.handledFamilies().filter((family) => !known.includes(family));
    if (missing.length === 0) return;
    throw new EventBusStartError(
      `${context} handles ${missing.join(', ')}, and libs/contracts/subscriptions.ts does not say so. ` +
        'Add the event there, or a broker keeps none of it before the context first runs.',
    );
  }
}
