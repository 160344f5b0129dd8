import { ClientNats, type NatsOptions, ServerNats } from '@nestjs/microservices';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
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

/** Nest connects, and subscribes to what has a handler. */
export class NestNatsServer extends ServerNats implements FrameReceiver {
  private take: TakeFrame | undefined;

  constructor(options: Options) {
    super(options);
  }

  receive(inlets: readonly Inlet[], take: TakeFrame): void {
    this.take = take;
    for (const { pattern, isShared } of inlets) {
      // Nest keeps the queue group on the handler itself, so each pattern needs its own; `handleMessage` calls none.
      this.addHandler(pattern, async () => undefined, false, isShared ? { queue: pattern } : {});
    }
  }

  override async handleMessage(_channel: string, message: Msg): Promise<void> {
    this.take?.(message.data, (answer) => void message.respond(answer));
  }
}
