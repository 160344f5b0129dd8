import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContextName } from '@fissile/kit/contract';
import { NestRedisClient, NestRedisServer } from '../nest/nest-redis.js';
import type { RpcTransport } from '../rpc.js';
import { redisConnectionOptions, type RedisSettings } from '../redis-connection-options.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern, type CallPacket, cancelPattern } from './packet.js';
import { type FrameSeal, NO_SEAL } from './frame-seal.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { type FrameReceiver, type Inlet, PacketServer } from './packet-server.js';
import type { Respond, TakeFrame } from './served-calls.js';

/** Calls over Redis publish/subscribe. */
export function redisTransport(settings: TransportSettings, seal: FrameSeal = NO_SEAL): RpcTransport {
  const { TRANSPORT_PREFIX: prefix } = settings;
  return {
    broker: 'redis',
    clientKey: () => 'redis',
    connect: () => new PacketClient((listener) => new RedisSender(settings, prefix, listener), seal),
    serve: ({ contexts }, handler) =>
      new PacketServer(new RedisReceiver(settings, prefix), { prefix, contexts, seal }, handler),
  };
}

function connectionTo(settings: RedisSettings) {
  return {
    ...redisConnectionOptions(settings),
    retryAttempts: Number.MAX_SAFE_INTEGER,
    retryDelay: 500,
    connectTimeout: 3_000,
    // Commands of one turn are sent as one pipeline.
    enableAutoPipelining: true,
  };
}

class RedisSender implements FrameSender {
  readonly replyTo: string;
  private readonly client: NestRedisClient;

  constructor(
    settings: RedisSettings,
    private readonly prefix: string,
    private readonly listener: FrameListener,
  ) {
    this.replyTo = `${answersOf(prefix)}${randomUUID()}`;
    this.client = new NestRedisClient(connectionTo(settings), this.replyTo, listener, settings);
  }

  connect(): Promise<void> {
    return this.client.connect();
  }

  /** Redis drops messages without subscribers; such a call fails at once, not at its deadline. */
  sendCall({ id, context, frame }: SentCall): void {
    this.client.publisher.publish(callPattern(this.prefix, context), frame).then(
      (listeners) => listeners === 0 && this.listener.failed(id, 'nobody listens'),
      (error: unknown) => this.listener.failed(id, error),
    );
  }

  sendCancel(context: ContextName, frame: Buffer): void {
    this.client.publisher.publish(cancelPattern(this.prefix, context), frame).catch(() => undefined);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

class RedisReceiver implements FrameReceiver {
  private readonly server: NestRedisServer;

  constructor(
    settings: RedisSettings,
    private readonly prefix: string,
  ) {
    this.server = new NestRedisServer(connectionTo(settings), settings);
  }

  get status(): FrameReceiver['status'] {
    return this.server.status;
  }

  receive(inlets: readonly Inlet[], take: TakeFrame): void {
    const respond: Respond = (answer, { replyTo }) => this.respond(replyTo, answer);
    this.server.receive(inlets, (frame) => take(frame, respond));
  }

  listen(callback: (error?: unknown) => void): Promise<void> {
    return this.server.listen(callback);
  }

  stopReceiving(): Promise<void> {
    return this.server.stopReceiving();
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /**
   * Every instance of a context receives each published call; the first to claim it serves it. The more calls an
   * instance has in progress, the likelier it is to let others claim first.
   */
  async claim({ id, timeoutMs }: CallPacket, underWay: number): Promise<boolean> {
    if (Math.random() < underWay / (underWay + 1)) await nextTurn();
    const keepMs = Math.ceil(timeoutMs) + 1_000;
    const mark = `${this.prefix}:claimed-call:${id}`;
    return (await this.server.publisher.set(mark, '1', 'PX', keepMs, 'NX')) === 'OK';
  }

  /** A packet may name a response channel, and no other. */
  private respond(replyTo: string | undefined, answer: Buffer): void {
    if (!replyTo?.startsWith(answersOf(this.prefix))) return;
    this.server.publisher.publish(replyTo, answer).catch(() => undefined);
  }
}

/** The prefix of the channels where clients wait for responses. */
function answersOf(prefix: string): string {
  return `${prefix}.answers.`;
}
