import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContextName } from '@fissile/kit/contract';
import { NestRedisClient, NestRedisServer } from '../nest/nest-redis.js';
import type { RpcTransport } from '../rpc.js';
import { redisConnectionOptions, type RedisSettings } from '../redis-connection-options.js';
import { RedisNames } from '../redis-names.js';
import { RedisRefusals } from '../redis-refusals.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern, type CallPacket, cancelPattern } from './packet.js';
import { type FrameSeal, NO_SEAL } from './frame-seal.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { type FrameReceiver, type Inlet, PacketServer } from './packet-server.js';
import type { Respond, TakeFrame } from './served-calls.js';

/**
 * Calls over Redis publish/subscribe.
 * @param process the one that calls
 */
export function redisTransport(
  settings: TransportSettings,
  seal: FrameSeal = NO_SEAL,
  process?: string,
): RpcTransport {
  const { TRANSPORT_PREFIX: prefix } = settings;
  return {
    broker: 'redis',
    clientKey: () => 'redis',
    connect: () => new PacketClient((listener) => new RedisSender({ settings, process }, listener), seal),
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

interface Sender {
  readonly settings: TransportSettings;
  readonly process: string | undefined;
}

class RedisSender implements FrameSender {
  private readonly prefix: string;
  private readonly answers: string;
  private readonly client: NestRedisClient;
  private readonly refusals = new RedisRefusals();

  constructor(
    { settings, process }: Sender,
    private readonly listener: FrameListener,
  ) {
    this.prefix = settings.TRANSPORT_PREFIX;
    this.answers = `${new RedisNames(this.prefix).answersTo(process)}${randomUUID()}.`;
    const hooks = {
      answered: (channel: string, frame: Uint8Array) =>
        listener.answered(frame, channel.slice(this.answers.length)),
      lost: () => listener.lost(),
    };
    this.client = new NestRedisClient(connectionTo(settings), hooks, settings);
  }

  async connect(context: ContextName): Promise<void> {
    try {
      await this.client.hear(this.replyTo(context));
    } catch (error) {
      this.refusals.add(`hear answers of ${context}`, error);
      throw error;
    }
  }

  /** A channel for each context: the account of a process may publish to those alone that end with its own contexts. */
  replyTo(context: ContextName): string {
    return `${this.answers}${context}`;
  }

  /** Redis drops messages without subscribers; such a call fails at once, not at its deadline. */
  sendCall({ id, context, frame }: SentCall): void {
    this.client.publisher.publish(callPattern(this.prefix, context), frame).then(
      (listeners) => listeners === 0 && this.listener.failed(id, 'nobody listens'),
      (error: unknown) => {
        this.refusals.add(`call ${context}`, error);
        this.listener.failed(id, error);
      },
    );
  }

  sendCancel(context: ContextName, frame: Buffer): void {
    this.sendToAll(context, frame);
  }

  sendAsk(context: ContextName, frame: Buffer): void {
    this.sendToAll(context, frame);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private sendToAll(context: ContextName, frame: Buffer): void {
    this.client.publisher.publish(cancelPattern(this.prefix, context), frame).catch(() => undefined);
  }
}

class RedisReceiver implements FrameReceiver {
  private readonly server: NestRedisServer;
  private readonly names: RedisNames;
  private readonly refusals = new RedisRefusals();

  constructor(settings: RedisSettings, prefix: string) {
    this.server = new NestRedisServer(connectionTo(settings), settings);
    this.names = new RedisNames(prefix);
  }

  get status(): FrameReceiver['status'] {
    return this.server.status;
  }

  get isReceiving(): boolean {
    return this.server.isReceiving;
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
    try {
      const mark = this.names.claimOf(id);
      return (await this.server.publisher.set(mark, '1', 'PX', keepMs, 'NX')) === 'OK';
    } catch (error) {
      this.refusals.add('claim calls', error);
      throw error;
    }
  }

  /** A packet may name a response channel, and no other. */
  private respond(replyTo: string | undefined, answer: Buffer): void {
    if (!replyTo?.startsWith(this.names.answers)) return;
    this.server.publisher
      .publish(replyTo, answer)
      .catch((error: unknown) => this.refusals.add('answer', error));
  }
}
