import { ClientRedis, type RedisOptions, ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { settledWithin } from '@fissile/kit/async';
import { type RedisSettings, renewRedisUser } from '../redis-connection-options.js';
import type { FrameListener } from '../packets/packet-client.js';
import type { Inlet } from '../packets/packet-server.js';

type Options = Required<RedisOptions>['options'];

/** Nest connects one client for publishing and one for subscribing; its packets are not used. */
export class NestRedisClient extends ClientRedis {
  private subscribed: Promise<unknown> | undefined;

  /** @param channel where the responses arrive */
  constructor(
    options: Options,
    private readonly channel: string,
    private readonly listener: Pick<FrameListener, 'answered' | 'lost'>,
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

  /** The driver resubscribes by itself when it reconnects. */
  override async connect(): Promise<void> {
    await super.connect();
    this.subscribed ??= (this.subClient as Redis).subscribe(this.channel).catch((error: unknown) => {
      this.subscribed = undefined;
      throw error;
    });
    await this.subscribed;
  }

  /** With `returnBuffers`, Nest calls it with bytes; its types say text. */
  override createResponseCallback(): (channel: unknown, frame: unknown) => Promise<void> {
    return async (_channel, frame) => this.listener.answered(frame as Uint8Array);
  }

  override handleClose(): void {
    super.handleClose();
    this.subscribed = undefined;
    this.listener.lost();
  }
}

const UNSUBSCRIBE_WITHIN_MS = 1_000;

/** Nest connects one client for subscribing and one for publishing. */
export class NestRedisServer extends ServerRedis {
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
    void subClient.subscribe(...this.inlets.map(({ pattern }) => pattern));
  }

  /** Resolves when no more calls arrive; what is published then reaches other instances alone. */
  async stopReceiving(): Promise<void> {
    const calls = this.inlets.filter(({ isShared }) => isShared).map(({ pattern }) => pattern);
    await settledWithin((this.subClient as Redis).unsubscribe(...calls), UNSUBSCRIBE_WITHIN_MS);
  }
}
