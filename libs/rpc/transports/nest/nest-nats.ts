import { ClientNats, type NatsOptions, ServerNats } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { settledWithin } from '@fissile/kit/async';
import type { FrameReceiver, Inlet } from '../packets/packet-server.js';
import type { TakeFrame } from '../packets/served-calls.js';

type Options = Required<NatsOptions>['options'];

export interface NatsClientListener {
  opened(connection: NatsConnection): void;
  lost(): void;
}

/** Nest connects, and follows the state of the connection; its packets are not used. */
export class NestNatsClient extends ClientNats {
  constructor(
    options: Options,
    private readonly listener: NatsClientListener,
  ) {
    super(options);
  }

  /** @throws Error before the first connection */
  get connection(): NatsConnection {
    return this.unwrap<NatsConnection>();
  }

  override async createClient(): Promise<NatsConnection> {
    const connection = (await super.createClient()) as NatsConnection;
    this.listener.opened(connection);
    return connection;
  }

  override handleClose(): void {
    super.handleClose();
    this.listener.lost();
  }
}

/** A busy machine takes its time; whatever has not arrived by then is lost, and its caller waits for its deadline. */
const DRAIN_WITHIN_MS = 5_000;

/** Nest connects. */
export class NestNatsServer extends ServerNats implements FrameReceiver {
  private take: TakeFrame | undefined;
  private inlets: readonly Inlet[] = [];
  private shared: Subscription[] = [];
  private isConnected = true;
  private held: (() => void)[] = [];

  constructor(options: Options) {
    super(options);
    this.status.subscribe((status) => {
      this.isConnected = status === 'connected';
      if (this.isConnected) for (const answer of this.held.splice(0)) answer();
    });
  }

  receive(inlets: readonly Inlet[], take: TakeFrame): void {
    this.take = take;
    this.inlets = inlets;
  }

  /** Nest keeps its subscriptions to itself; a stop has to end those of calls before the connection. */
  override bindEvents(client: NatsConnection): void {
    const subscriptions = this.inlets.map(({ pattern, isShared }) => {
      const callback = this.getMessageHandler(pattern).bind(this);
      return client.subscribe(pattern, { callback, ...(isShared && { queue: pattern }) });
    });
    this.shared = subscriptions.filter((_subscription, index) => this.inlets[index]?.isShared);
  }

  /** Until NATS knows of the subscriptions, it tells callers that nobody is there. */
  override start(callback: (error?: unknown) => void): void {
    super.start(() => {
      this.unwrap<NatsConnection>()
        .flush()
        .then(() => callback(), callback);
    });
  }

  /** Resolves when no more calls arrive; NATS gives them to other instances. */
  async stopReceiving(): Promise<void> {
    const draining = this.shared.splice(0).map((subscription) => subscription.drain());
    await settledWithin(Promise.all(draining), DRAIN_WITHIN_MS);
  }

  /** Until NATS knows that the subscriptions are gone, it sends calls to a connection that is closed, and they are lost. */
  override async close(): Promise<void> {
    await this.stopReceiving();
    await super.close();
  }

  override async handleMessage(_channel: string, message: Msg): Promise<void> {
    this.take?.(message.data, (answer) => this.reply(() => void message.respond(answer)));
  }

  /** The driver drops what is sent while it connects again. With an account of its own NATS refuses it then, as it no longer knows who has asked. */
  private reply(answer: () => void): void {
    if (this.isConnected) answer();
    else this.held.push(answer);
  }
}
