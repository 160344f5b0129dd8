import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ConfirmChannel } from 'amqplib';
import { brokerUrl, type KafkaMock, startBroker, startKafka } from '@fissile/kit/testing';
import { EVERYWHERE, type Fault, type Stage } from '../fault.js';

type EventBroker = 'rabbitmq' | 'nats';

/** The fault's own broker, which carries the events and keeps its data across restarts. */
class OwnBroker {
  private running: { readonly url: string; stop(): Promise<void> } | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'fissile-broker-'));

  constructor(private readonly name: EventBroker) {
    // Debian's scripts run some of them under a separate user.
    chmodSync(this.folder, 0o777);
  }

  get url(): string {
    return this.running?.url ?? '';
  }

  async start(): Promise<Stage> {
    this.running = await startBroker(this.name, { folder: this.folder });
    const env = { EVENT_BUS: this.name, [`${this.name.toUpperCase()}_URL`]: this.url };
    return { options: { env }, close: () => this.close() };
  }

  async restart(): Promise<void> {
    const port = Number(new URL(this.url).port);
    await this.running?.stop();
    this.running = await startBroker(this.name, { port, folder: this.folder });
  }

  private async close(): Promise<void> {
    await this.running?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The events' broker becomes unavailable under load and returns. */
export function brokerRestart(name: EventBroker): Fault {
  let broker: OwnBroker;
  return {
    name: `${name} restarts`,
    topologies: brokerUrl(name) === undefined ? [] : EVERYWHERE,
    tries: { short: 1, long: 5 },
    prepare: () => (broker = new OwnBroker(name)).start(),
    inflict: () => broker.restart(),
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
      return { options: { env }, close: () => kafka.stop() };
    },
    inflict: async ({ crowd }) => {
      kafka.freeze();
      try {
        await pause(LONGER_THAN_RETRIES_MS);
        await crowd.goesOn(20);
      } finally {
        kafka.goOn();
      }
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
    prepare: () => (broker = new OwnBroker('rabbitmq')).start(),
    inflict: async ({ shop, crowd, random }) => {
      const connection = await connect(broker.url);
      const channel = await connection.createConfirmChannel();
      const exchange = `${shop.databasePrefix}.events`;
      const heard = await listen(channel, exchange);
      await crowd.goesOn(60);
      for (const { type, content } of random.shuffle([...heard, ...heard])) {
        channel.publish(exchange, type, content, { persistent: true });
      }
      await channel.waitForConfirms();
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
