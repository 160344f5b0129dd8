/** What a transport or a bus needs beside the kit. */
interface Broker {
  /** The optional peers of the kit that speak to it. */
  readonly packages: readonly string[];
  /** The setting that says where it is. */
  readonly setting: string;
  /** The service of Compose, in config/deployment.yaml. */
  readonly service: string;
}

const BROKERS: Readonly<Record<string, Broker>> = {
  nats: {
    packages: ['@nats-io/jetstream', '@nats-io/transport-node'],
    setting: 'NATS_URL',
    service: 'nats',
  },
  rmq: {
    packages: ['amqp-connection-manager', 'amqplib'],
    setting: 'RABBITMQ_URL',
    service: 'rabbitmq',
  },
  rabbitmq: { packages: ['amqplib'], setting: 'RABBITMQ_URL', service: 'rabbitmq' },
  redis: { packages: ['ioredis'], setting: 'REDIS_URL', service: 'redis' },
  kafka: { packages: ['@platformatic/kafka'], setting: 'KAFKA_BROKERS', service: 'kafka' },
};

/** The brokers that a transport and a bus need; most need none. */
export function brokersOf({ transport, bus }: { transport?: string; bus?: string }): Broker[] {
  return [transport, bus].flatMap((choice) => BROKERS[choice ?? ''] ?? []);
}
