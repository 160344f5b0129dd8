import { Injectable } from '@nestjs/common';
import type { ContextName, EventEnvelope, Implementation } from '#libs/contracts';
import { Events } from '#libs/contracts/events';
import { LocalEventBus, RemoteInboxes } from '#libs/messaging';
import { ContractBinding } from './contract-binding.js';
import { ContractRegistry } from './contract-registry.js';
import { Placement } from './placement.js';

/** Carries events between processes as calls of the contract Events. */
@Injectable()
export class ContractInboxes extends RemoteInboxes {
  constructor(
    private readonly binding: ContractBinding,
    private readonly placement: Placement,
  ) {
    super();
  }

  contexts(): readonly ContextName[] {
    return this.placement.contextsElsewhere;
  }

  async deliver(context: ContextName, envelope: EventEnvelope): Promise<void> {
    await this.inboxOf(context).deliver({ envelope: JSON.stringify(envelope) });
  }

  async handledTypes(context: ContextName): Promise<readonly string[]> {
    return (await this.inboxOf(context).listHandledTypes({})).types;
  }

  private inboxOf(context: ContextName): Implementation<typeof Events> {
    return this.binding.client(Events, context);
  }
}

/** Lets other processes deliver events to the contexts of this one. */
@Injectable()
export class InboxServing {
  constructor(bus: LocalEventBus, registry: ContractRegistry, placement: Placement) {
    for (const context of placement.contextsHere) {
      registry.add(Events, context, {
        deliver: async ({ envelope }) => {
          await bus.publishTo(context, JSON.parse(envelope) as EventEnvelope);
          return {};
        },
        listHandledTypes: async () => ({ types: bus.familiesHandledBy(context) }),
      });
    }
  }
}
