import { ClientNats, ServerNats } from '@nestjs/microservices';
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { ContextName } from '@fissile/kit/contract';
import { natsConnectionOptions } from '../nats-connection-options.js';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern, cancelPattern } from './packet.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { PacketServer } from './packet-server.js';
import type { TakeFrame } from './served-calls.js';

const NOBODY_THERE = 503;

/** Calls over NATS subjects; the instances of a context form one queue group. */
export function natsTransport({ TRANSPORT_PREFIX: prefix, NATS_URL }: TransportSettings): RpcTransport {
  return {
    broker: 'nats',
    clientKey: () => 'nats',
    connect: () => new PacketClient((listener) => new FrameClientNats(NATS_URL, prefix, listener)),
    serve: ({ contexts }, handler) => {
      const receiver = new FrameServerNats({ ...connectionTo(NATS_URL), ...LEAVE_FIRST });
      return new PacketServer(receiver, { prefix, contexts }, handler);
    },
  };
}

/** The broker must know that this instance accepts no more calls before its connection closes. */
const LEAVE_FIRST = { gracefulShutdown: true, gracePeriod: 100 };

function connectionTo(url: string) {
  return { ...natsConnectionOptions(url), maxReconnectAttempts: -1, reconnectTimeWait: 500 };
}

/** All responses to a client arrive at one subject of its own, followed by the call's id. */
class FrameClientNats extends ClientNats implements FrameSender {
  private readonly inbox = createInbox();

  constructor(
    url: string,
    private readonly prefix: string,
    private readonly listener: FrameListener,
  ) {
    super(connectionTo(url));
  }

  override async createClient(): Promise<NatsConnection> {
    const client = (await super.createClient()) as NatsConnection;
    client.subscribe(`${this.inbox}.*`, { callback: (_error, message) => this.hear(message) });
    return client;
  }

  sendCall({ id, context, frame }: SentCall): void {
    const reply = `${this.inbox}.${id}`;
    this.unwrap<NatsConnection>().publish(callPattern(this.prefix, context), frame, { reply });
  }

  sendCancel(context: ContextName, frame: Buffer): void {
    this.unwrap<NatsConnection>().publish(cancelPattern(this.prefix, context), frame);
  }

  override handleClose(): void {
    super.handleClose();
    this.listener.lost();
  }

  private hear({ subject, data, headers }: Msg): void {
    if (headers?.code === NOBODY_THERE) {
      this.listener.failed(subject.slice(this.inbox.length + 1), 'nobody is there');
    } else {
      this.listener.answered(data);
    }
  }
}

class FrameServerNats extends ServerNats {
  override async handleMessage(channel: string, message: Msg): Promise<void> {
    const take = this.messageHandlers.get(channel) as TakeFrame | undefined;
    take?.(message.data, (answer) => void message.respond(answer));
  }
}
