import { ClientRedis, type RedisOptions, ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { settledWithin } from '@fissile/kit/async';
import { type RedisSettings, renewRedisUser } from '../redis-connection-options.js';
import type { Inlet } from '../packets/packet-server.js';

type Options = Required<RedisOptions>['options'];

interface Hooks {
  /** A frame has arrived in that channel. */
  answered(channel: string, frame: Uint8Array): void;
  lost(): void;
}

/** Nest connects one client for publishing and one for subscribing; its packets are not used. */
export class NestRedisClient extends ClientRedis {
  private readonly subscribed = new Map<string, Promise<unknown>>();

  constructor(
    options: Options,
    private readonly hooks: Hooks,
    private readonly settings: RedisSettings,
  ) {
    super({ ...options, returnBuffers: true });
  }

  /** Nest calls it for each of its two connections. */
  override async createClient(): Promise<Redis> {
    const client = (await super.createClient()) as Redis;
    renewRedisUser(client, this.settings);
    return client;
  }

  /** Of `connect`, until `close`. */
  get publisher(): Redis {
    return this.pubClient as Redis;
  }

  /** Resolves when it is connected, and what is published to that channel arrives. The driver resubscribes by itself when it reconnects. */
  async hear(channel: string): Promise<void> {
    await this.connect();
    const subscribed = this.subscribed.get(channel) ?? this.subscribe(channel);
    this.subscribed.set(channel, subscribed);
    await subscribed;
  }

  /** With `returnBuffers`, Nest calls it with bytes; its types say text. */
  override createResponseCallback(): (channel: unknown, frame: unknown) => Promise<void> {
    return async (channel, frame) => this.hooks.answered(String(channel), frame as Uint8Array);
  }

  override handleClose(): void {
    super.handleClose();
    this.subscribed.clear();
    this.hooks.lost();
  }

  private async subscribe(channel: string): Promise<void> {
    try {
      await (this.subClient as Redis).subscribe(channel);
    } catch (error) {
      this.subscribed.delete(channel);
      throw error;
    }
  }
}

const UNSUBSCRIBE_WITHIN_MS = 1_000;
const RESUBSCRIBE_AFTER_MS = 2_000;

/** Nest connects one client for subscribing and one for publishing. */
export class NestRedisServer extends ServerRedis {
  /** False while its account may not subscribe. */
  isReceiving = true;
  private inlets: readonly Inlet[] = [];
  private take: ((frame: Buffer) => void) | undefined;

  constructor(
    options: Options,
    private readonly settings: RedisSettings,
  ) {
    super(options);
  }

  override async createRedisClient(): Promise<Redis> {
    const client = (await super.createRedisClient()) as Redis;
    renewRedisUser(client, this.settings);
    return client;
  }

  /** While the server listens. */
  get publisher(): Redis {
    return this.pubClient as Redis;
  }

  receive(inlets: readonly Inlet[], take: (frame: Buffer) => void): void {
    this.inlets = inlets;
    this.take = take;
  }

  /** Nest would subscribe to text, which frames are not. */
  override bindEvents(subClient: Redis): void {
    subClient.on('messageBuffer', (_channel: Buffer, frame: Buffer) => this.take?.(frame));
    void this.subscribe(subClient);
  }

  /** Resolves when no more calls arrive; what is published then reaches other instances alone. */
  async stopReceiving(): Promise<void> {
    const calls = this.inlets.filter(({ isShared }) => isShared).map(({ pattern }) => pattern);
    await settledWithin((this.subClient as Redis).unsubscribe(...calls), UNSUBSCRIBE_WITHIN_MS);
  }

  /** Asks again for what is refused: permissions may come after the process. */
  private async subscribe(subClient: Redis): Promise<void> {
    try {
      await subClient.subscribe(...this.inlets.map(({ pattern }) => pattern));
      this.isReceiving = true;
    } catch (error) {
      this.isReceiving = false;
      this.logger.error(`No calls arrive: ${String(error)}`);
      if (subClient.status !== 'end') {
        setTimeout(() => void this.subscribe(subClient), RESUBSCRIBE_AFTER_MS).unref();
      }
    }
  }
}
