import { ClientRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';

/** Redis drops what is published while nobody listens; here such a call fails at once, not at its deadline. */
export class HeardClientRedis extends ClientRedis {
  override async createClient(): Promise<Redis> {
    const client = (await super.createClient()) as Redis;
    const publish = client.publish.bind(client);
    client.publish = async (channel: string, message: string) => {
      const listeners = await publish(channel, message);
      if (listeners === 0) this.fail(message);
      return listeners;
    };
    return client;
  }

  private fail(message: string): void {
    const { id } = JSON.parse(message) as { id?: string };
    if (id !== undefined) this.routingMap.get(id)?.({ err: new Error('nobody listens') });
  }
}
