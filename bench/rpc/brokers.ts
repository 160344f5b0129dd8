import { type BrokerName, provideBroker } from '@fissile/kit/testing';

export const TRANSPORTS = ['grpc', 'tcp', 'nats', 'rmq', 'redis'] as const;

export type Transport = (typeof TRANSPORTS)[number];

const NEEDED: Partial<Record<Transport, BrokerName>> = { nats: 'nats', rmq: 'rabbitmq', redis: 'redis' };

/** The brokers of the transports, as far as they are installed or installable on this machine. */
export class Brokers {
  private readonly running: { stop(): Promise<void> }[] = [];
  private readonly urls = new Map<Transport, string>();

  static async start(): Promise<Brokers> {
    const brokers = new Brokers();
    for (const transport of TRANSPORTS) {
      const name = NEEDED[transport];
      if (name === undefined) continue;
      const broker = await provideBroker(name);
      brokers.running.push(broker);
      if (broker.url === '')
        console.warn(`WITHOUT ${transport}: ${name} is neither running nor installed here`);
      else brokers.urls.set(transport, broker.url);
    }
    return brokers;
  }

  /** undefined when the transport needs a broker that is unavailable; empty when it needs none. */
  addressFor(transport: Transport): string | undefined {
    return NEEDED[transport] === undefined ? '' : this.urls.get(transport);
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((broker) => broker.stop()));
  }
}
