import type { Product } from '@fissile/kit/contract';
import { requirePackages } from '@fissile/kit/host';
import type { TransportSettings } from '@fissile/kit/rpc';
import type { Broker, Subscriptions } from './broker.js';
import type { BrokerBusName, MessagingSettings } from '../messaging.settings.js';

export interface BrokerSettings {
  readonly transport: TransportSettings;
  readonly messaging: MessagingSettings;
}

/** Who uses it: a process of a product. */
export interface BrokerUser {
  readonly product: Product;
  readonly process: string;
}

/** Each broker is loaded, with its driver, only when it is selected. */
const LOADERS: Record<BrokerBusName, (settings: BrokerSettings, user: BrokerUser) => Promise<Broker>> = {
  rabbitmq: async ({ transport }, { product }) =>
    (await import('./rabbitmq/rabbitmq-broker.js')).rabbitmqBroker({
      settings: transport,
      prefix: transport.TRANSPORT_PREFIX,
      subscriptions: subscriptionsIn(product),
    }),
  kafka: async ({ transport, messaging }) =>
    (await import('./kafka/kafka-broker.js')).kafkaBroker({
      settings: messaging,
      prefix: transport.TRANSPORT_PREFIX,
    }),
  nats: async ({ transport }, { process }) =>
    (await import('./nats/nats-broker.js')).natsBroker({
      settings: transport,
      prefix: transport.TRANSPORT_PREFIX,
      process,
    }),
};

const DRIVERS: Record<BrokerBusName, readonly string[]> = {
  rabbitmq: ['amqplib'],
  kafka: ['@platformatic/kafka'],
  nats: ['@nats-io/transport-node', '@nats-io/jetstream'],
};

/**
 * The broker that EVENT_BUS selects.
 * @throws MissingPackagesError when a driver that it needs is not installed
 */
export async function brokerOf(
  name: BrokerBusName,
  settings: BrokerSettings,
  user: BrokerUser,
): Promise<Broker> {
  requirePackages(`EVENT_BUS=${name}`, DRIVERS[name]);
  return LOADERS[name](settings, user);
}

/** The contexts that handle events, with the names of these events. */
function subscriptionsIn(product: Product): Subscriptions {
  return new Map(product.contextNames.map((context) => [context, product.subscriptionsOf(context)]));
}
