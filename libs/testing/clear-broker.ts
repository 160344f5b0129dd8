import { CONTEXTS } from '#libs/contracts';
import type { BrokerName } from './brokers.js';

/** Removes what a shop with that prefix has kept on a broker. The clients are loaded here, for few tests need them. */
export async function clearBroker(name: BrokerName, url: string, prefix: string): Promise<void> {
  if (name === 'rabbitmq') await clearRabbitmq(url, prefix);
  if (name === 'nats') await clearNats(url, prefix);
}

async function clearRabbitmq(url: string, prefix: string): Promise<void> {
  const { connect } = await import('amqplib');
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const events = `${prefix}.events`;
  const queues = CONTEXTS.flatMap((context) => [`${events}.${context}`, `${events}.${context}.dead`]);
  for (const queue of queues) await channel.deleteQueue(queue);
  for (const exchange of [events, `${events}.dead`]) await channel.deleteExchange(exchange);
  await connection.close();
}

async function clearNats(url: string, prefix: string): Promise<void> {
  const [{ connect }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  const connection = await connect({ servers: [new URL(url).host] });
  const { streams } = await jetstreamManager(connection);
  // A shop that published nothing has none.
  await streams.delete(`${prefix}-events`).catch(() => undefined);
  await connection.close();
}
