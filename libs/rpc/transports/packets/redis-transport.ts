import { ClientRedis, ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContextName } from '@fissile/kit/contract';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern, type CallPacket, cancelPattern } from './packet.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { type FrameReceiver, PacketServer } from './packet-server.js';
import type { TakeFrame } from './served-calls.js';

/** Calls over Redis publish/subscribe. */
export function redisTransport({ TRANSPORT_PREFIX: prefix, REDIS_URL }: TransportSettings): RpcTransport {
  return {
    broker: 'redis',
    clientKey: () => 'redis',
    connect: () => new PacketClient((listener) => new FrameClientRedis(REDIS_URL, prefix, listener)),
    serve: ({ contexts }, handler) =>
      new PacketServer(new FrameServerRedis(REDIS_URL, prefix), { prefix, contexts }, handler),
  };
}

function connectionTo(url: string) {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    ...(protocol === 'rediss:' && { tls: {} }),
    retryAttempts: Number.MAX_SAFE_INTEGER,
    retryDelay: 500,
    connectTimeout: 3_000,
    // Commands of one turn are sent as one pipeline.
    enableAutoPipelining: true,
  };
}

class FrameClientRedis extends ClientRedis implements FrameSender {
  readonly replyTo: string;
  private subscribed: Promise<unknown> | undefined;

  constructor(
    url: string,
    private readonly prefix: string,
    private readonly listener: FrameListener,
  ) {
    super({ ...connectionTo(url), returnBuffers: true });
    this.replyTo = `${answersOf(prefix)}${randomUUID()}`;
  }

  /** The driver resubscribes by itself when it reconnects. */
  override async connect(): Promise<void> {
    await super.connect();
    this.subscribed ??= (this.subClient as Redis).subscribe(this.replyTo).catch((error: unknown) => {
      this.subscribed = undefined;
      throw error;
    });
    await this.subscribed;
  }

  override createResponseCallback(): (channel: string, buffer: string) => Promise<void> {
    return async (_channel, frame) => this.listener.answered(frame as unknown as Uint8Array);
  }

  /** Redis drops messages without subscribers; such a call fails at once, not at its deadline. */
  sendCall({ id, context, frame }: SentCall): void {
    (this.pubClient as Redis).publish(callPattern(this.prefix, context), frame).then(
      (listeners) => listeners === 0 && this.listener.failed(id, 'nobody listens'),
      (error: unknown) => this.listener.failed(id, error),
    );
  }

  sendCancel(context: ContextName, frame: Buffer): void {
    (this.pubClient as Redis).publish(cancelPattern(this.prefix, context), frame).catch(() => undefined);
  }

  override handleClose(): void {
    super.handleClose();
    this.subscribed = undefined;
    this.listener.lost();
  }
}

class FrameServerRedis extends ServerRedis implements FrameReceiver {
  constructor(
    url: string,
    private readonly prefix: string,
  ) {
    super(connectionTo(url));
  }

  override bindEvents(subClient: Redis, pubClient: Redis): void {
    subClient.on('messageBuffer', (channel: Buffer, frame: Buffer) => {
      const take = this.messageHandlers.get(channel.toString()) as TakeFrame | undefined;
      take?.(frame, (answer, { replyTo }) => this.respond(pubClient, replyTo, answer));
    });
    void subClient.subscribe(...this.messageHandlers.keys());
  }

  /**
   * Every instance of a context receives each published call; the first to claim it serves it. The more calls an
   * instance has in progress, the likelier it is to let others claim first.
   */
  async claim({ id, timeoutMs }: CallPacket, underWay: number): Promise<boolean> {
    if (Math.random() < underWay / (underWay + 1)) await nextTurn();
    const keepMs = Math.ceil(timeoutMs) + 1_000;
    const mark = `${this.prefix}:claimed-call:${id}`;
    return (await (this.pubClient as Redis).set(mark, '1', 'PX', keepMs, 'NX')) === 'OK';
  }

  /** A packet may name a response channel, and no other. */
  private respond(publisher: Redis, replyTo: string | undefined, answer: Buffer): void {
    if (!replyTo?.startsWith(answersOf(this.prefix))) return;
    publisher.publish(replyTo, answer).catch(() => undefined);
  }
}

/** The prefix of the channels where clients wait for responses. */
function answersOf(prefix: string): string {
  return `${prefix}.answers.`;
}
