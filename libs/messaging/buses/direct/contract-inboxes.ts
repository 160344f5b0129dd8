import { Injectable } from '@nestjs/common';
import {
  ANY_PROCESS,
  ContextError,
  type ContextName,
  type EventEnvelope,
  type Implementation,
  Events,
} from '@fissile/kit/contract';
import { Batches } from '@fissile/kit/database';
import { LocalEventBus } from '../local-event-bus.js';
import { RemoteInboxes } from './remote-inboxes.js';
import { runOutsideOfCalls } from '@fissile/kit/observability';
import { currentCall } from '@fissile/kit/request';
import { ContractBinding, ContractRegistry, Placement } from '@fissile/kit/rpc';

/** Delivers events between processes as calls of the contract Events. */
@Injectable()
export class ContractInboxes extends RemoteInboxes {
  private readonly deliveries = new Map<ContextName, Batches<string, boolean>>();

  constructor(
    private readonly binding: ContractBinding,
    private readonly placement: Placement,
  ) {
    super();
  }

  contexts(): readonly ContextName[] {
    return this.placement.remoteContexts;
  }

  async deliver(context: ContextName, envelope: EventEnvelope): Promise<void> {
    const handled = await this.deliveriesTo(context).add(JSON.stringify(envelope));
    if (!handled) throw ContextError.of('unavailable', `${context} has not handled the event`);
  }

  async handledTypes(context: ContextName): Promise<readonly string[]> {
    return (await this.inboxOf(context).listHandledTypes({})).types;
  }

  private deliveriesTo(context: ContextName): Batches<string, boolean> {
    const known = this.deliveries.get(context);
    if (known) return known;
    const inbox = this.inboxOf(context);
    // Deliveries are idempotent: an inbox recognizes an event that it has processed.
    const made = new Batches<string, boolean>((envelopes) => deliverAll(inbox, envelopes), {
      repeatable: true,
    });
    this.deliveries.set(context, made);
    return made;
  }

  private inboxOf(context: ContextName): Implementation<typeof Events> {
    return this.binding.client(Events, context);
  }
}

/**
 * The only place that supports two protocols: a process of the previous version may support single deliveries only.
 */
async function deliverAll(
  inbox: Implementation<typeof Events>,
  envelopes: readonly string[],
): Promise<readonly boolean[]> {
  try {
    return (await inbox.deliverAll({ envelopes: [...envelopes] })).handled;
  } catch (error) {
    const [envelope] = envelopes;
    if (envelopes.length > 1 || envelope === undefined) throw error;
    await inbox.deliver({ envelope });
    return [true];
  }
}

/** Lets other processes deliver events to the contexts of this process. */
@Injectable()
export class InboxServing {
  constructor(bus: LocalEventBus, registry: ContractRegistry, placement: Placement) {
    for (const context of placement.loadedContexts) {
      registry.add(Events, context, {
        deliver: async ({ envelope }) => {
          await bus.publishTo(context, readOwn(envelope));
          return {};
        },
        // Each event belongs to the trace that it carries, not to the call that delivers the batch.
        deliverAll: async ({ envelopes }) => {
          const events = envelopes.map(readOwn);
          const handle = () => Promise.all(events.map((event) => isHandled(bus.publishTo(context, event))));
          return { handled: await runOutsideOfCalls(handle) };
        },
        listHandledTypes: async () => ({ types: bus.eventNamesHandledBy(context) }),
      });
    }
  }
}

/**
 * Reads an event that the calling process delivers.
 * @throws ContextError internal_port for an event of a context that the process does not host
 */
function readOwn(text: string): EventEnvelope {
  const envelope = JSON.parse(text) as EventEnvelope;
  const { callers = [] } = currentCall() ?? {};
  if (callers.some((name) => name !== ANY_PROCESS && envelope.source === `/${name}`)) return envelope;
  throw ContextError.of('internal_port', `An event of ${envelope.source} is not for ${callers.join(', ')}`);
}

/** Unhandled events are redelivered, whatever the reason. */
function isHandled(handling: Promise<void>): Promise<boolean> {
  return handling.then(
    () => true,
    () => false,
  );
}
