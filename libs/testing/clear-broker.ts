import type { ContextName } from '@fissile/kit/contract';
import type { BrokerName } from './brokers.js';

/** Deletes what a product with that prefix and these contexts stored on a broker. */
export async function clearBroker(
  name: BrokerName,
  url: string,
  prefix: string,
  contexts: readonly ContextName[],
): Promise<void> {
  if (name === 'rabbitmq') await clearRabbitmq(url, prefix, contexts);
  if (name === 'nats') await clearNats(url, prefix);
}

async function clearRabbitmq(url: string, prefix: string, contexts: readonly ContextName[]): Promise<void> {
  const { connect } = await import('amqplib');
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const events = `${prefix}.events`;
  const queues = contexts.flatMap((context) => [`${events}.${context}`, `${events}.${context}.dead`]);
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
  // A product that published nothing has no stream.
  await streams.delete(`${prefix}-events`).catch(() => undefined);
  await connection.close();
}
