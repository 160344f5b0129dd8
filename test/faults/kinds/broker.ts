import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ConfirmChannel } from 'amqplib';
import { brokerUrl, type EventBroker, type KafkaMock, OwnBroker, startKafka } from '@fissile/kit/testing';
import { EVERYWHERE, type Fault, type Stage } from '../fault.js';

function stageWith(broker: OwnBroker): Stage {
  return { options: { env: broker.settings }, close: () => broker.stop() };
}

/** The events' broker becomes unavailable under load and returns. */
export function brokerRestart(name: EventBroker): Fault {
  let broker: OwnBroker;
  return {
    name: `${name} restarts`,
    topologies: brokerUrl(name) === undefined ? [] : EVERYWHERE,
    tries: { short: 1, long: 5 },
    prepare: async () => {
      broker = await OwnBroker.start(name);
      return stageWith(broker);
    },
    inflict: async ({ recovery }) => {
      await broker.restart();
      recovery.begin();
    },
  };
}

/** Longer than the shop waits for a broker's response. */
const LONGER_THAN_RETRIES_MS = 12_000;

/** The events' cluster does not respond for a while. It is a fake of Kafka, and would be empty after a restart. */
export function kafkaFrozen(): Fault {
  let kafka: KafkaMock;
  return {
    name: 'kafka does not answer',
    topologies: brokerUrl('kafka') === undefined ? [] : EVERYWHERE,
    tries: { short: 1, long: 5 },
    prepare: async () => {
      kafka = await startKafka();
      const env = { EVENT_BUS: 'kafka', KAFKA_BROKERS: kafka.url };
      return { options: { env }, failure: () => kafka.failure, close: () => kafka.stop() };
    },
    inflict: async ({ crowd, recovery }) => {
      kafka.freeze();
      try {
        await pause(LONGER_THAN_RETRIES_MS);
        await crowd.goesOn(20);
      } finally {
        kafka.goOn();
      }
      recovery.begin();
    },
  };
}

/** Every event is delivered again, and the duplicates in any order. */
export function doubledEvents(): Fault {
  let broker: OwnBroker;
  return {
    name: 'events come again, out of order',
    topologies: brokerUrl('rabbitmq') === undefined ? [] : EVERYWHERE,
    tries: { short: 1, long: 5 },
    prepare: async () => {
      broker = await OwnBroker.start('rabbitmq');
      return stageWith(broker);
    },
    inflict: async ({ shop, crowd, random, recovery }) => {
      const connection = await connect(broker.url);
      const channel = await connection.createConfirmChannel();
      const exchange = `${shop.databasePrefix}.events`;
      const heard = await listen(channel, exchange);
      await crowd.goesOn(60);
      for (const { type, content } of random.shuffle([...heard, ...heard])) {
        channel.publish(exchange, type, content, { persistent: true });
      }
      await channel.waitForConfirms();
      recovery.begin();
      await connection.close();
    },
  };
}

/** Records all events that pass from now on. */
async function listen(
  channel: ConfirmChannel,
  exchange: string,
): Promise<{ type: string; content: Buffer }[]> {
  const heard: { type: string; content: Buffer }[] = [];
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, exchange, '#');
  await channel.consume(
    queue,
    (message) => {
      if (message) heard.push({ type: message.fields.routingKey, content: message.content });
    },
    { noAck: true },
  );
  return heard;
}
