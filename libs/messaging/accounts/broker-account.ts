import {
  type Component,
  type ContextName,
  eventNameOf,
  handledEvents,
  type Product,
} from '@fissile/kit/contract';

/** The account of a process at a broker. */
export interface BrokerAccount {
  /** The name of the user. */
  readonly name: string;
  /** The process, by its name in its topology. */
  readonly process: string;
  readonly hosts: readonly Component[];
}

/** What a context publishes and handles, by the names of events without their version. */
export interface ContextEvents {
  readonly context: ContextName;
  readonly publishes: readonly string[];
  readonly handles: readonly string[];
}

/** What a product does at a broker. */
export interface BrokerUse {
  /** TRANSPORT_PREFIX */
  readonly prefix: string;
  readonly events: readonly ContextEvents[];
}

export function eventsOf({ contexts }: Pick<Product, 'contexts'>): ContextEvents[] {
  const names = (types: readonly { readonly name: string }[]): string[] => [
    ...new Set(types.map(({ name }) => eventNameOf(name))),
  ];
  return contexts.map((context) => ({
    context: context.name,
    publishes: names(context.publishes),
    handles: names(handledEvents(context)),
  }));
}

/** Those of the contexts that the process of an account hosts. */
export function eventsIn({ events }: BrokerUse, { hosts }: BrokerAccount): readonly ContextEvents[] {
  return events.filter(({ context }) => hosts.includes(context));
}
