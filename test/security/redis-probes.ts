import { Redis } from 'ioredis';

/** Somebody who has an account of Redis, and tries what it may. */
export class RedisIntruder {
  private constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
  ) {}

  static async connect(address: string): Promise<RedisIntruder> {
    const connections = [0, 1].map(
      () => new Redis(address, { lazyConnect: true, retryStrategy: () => null }),
    );
    await Promise.all(connections.map((connection) => connection.connect()));
    return new RedisIntruder(...(connections as [Redis, Redis]));
  }

  /** Any other answer than a refusal counts as allowed. */
  may(command: string, ...parameters: string[]): Promise<boolean> {
    return isAllowed(this.redis.call(command, ...parameters));
  }

  mayPublish(channel: string): Promise<boolean> {
    return this.may('PUBLISH', channel, '');
  }

  async mayHear(channel: string): Promise<boolean> {
    const may = await isAllowed(this.subscriber.subscribe(channel));
    if (may) await this.subscriber.unsubscribe(channel);
    return may;
  }

  async mayHearAll(pattern: string): Promise<boolean> {
    const may = await isAllowed(this.subscriber.psubscribe(pattern));
    if (may) await this.subscriber.punsubscribe(pattern);
    return may;
  }

  close(): void {
    this.redis.disconnect();
    this.subscriber.disconnect();
  }
}

async function isAllowed(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    // Of a command, of an account that is no user, and of a command in a script.
    const isRefusal = /NOPERM|WRONGPASS|NOAUTH|The user executing the script can't/.test(String(error));
    if (!isRefusal) throw error;
    return false;
  }
}
