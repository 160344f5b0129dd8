import { createInbox, type Msg } from '@nats-io/transport-node';
import type { ContextName } from '@fissile/kit/contract';
import { natsConnectionOptions } from '../nats-connection-options.js';
import { NestNatsClient, NestNatsServer } from '../nest/nest-nats.js';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern, cancelPattern } from './packet.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { PacketServer } from './packet-server.js';

const NOBODY_THERE = 503;

/** Calls over NATS subjects; the instances of a context form one queue group. */
export function natsTransport({ TRANSPORT_PREFIX: prefix, NATS_URL }: TransportSettings): RpcTransport {
  return {
    broker: 'nats',
    clientKey: () => 'nats',
    connect: () => new PacketClient((listener) => new NatsSender(NATS_URL, prefix, listener)),
    serve: ({ contexts }, handler) => {
      const receiver = new NestNatsServer(connectionTo(NATS_URL));
      return new PacketServer(receiver, { prefix, contexts }, handler);
    },
  };
}

function connectionTo(url: string) {
  return { ...natsConnectionOptions(url), maxReconnectAttempts: -1, reconnectTimeWait: 500 };
}

/** All responses to a client arrive at one subject of its own, followed by the call's id. */
class NatsSender implements FrameSender {
  private readonly inbox = createInbox();
  private readonly client: NestNatsClient;

  constructor(
    url: string,
    private readonly prefix: string,
    private readonly listener: FrameListener,
  ) {
    this.client = new NestNatsClient(connectionTo(url), {
      opened: (connection) => {
        connection.subscribe(`${this.inbox}.*`, { callback: (_error, message) => this.hear(message) });
      },
      lost: () => this.listener.lost(),
    });
  }

  connect(): Promise<unknown> {
    return this.client.connect();
  }

  sendCall({ id, context, frame }: SentCall): void {
    const reply = `${this.inbox}.${id}`;
    this.client.connection.publish(callPattern(this.prefix, context), frame, { reply });
  }

  sendCancel(context: ContextName, frame: Buffer): void {
    this.client.connection.publish(cancelPattern(this.prefix, context), frame);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private hear({ subject, data, headers }: Msg): void {
    if (headers?.code === NOBODY_THERE) {
      this.listener.failed(subject.slice(this.inbox.length + 1), 'nobody is there');
    } else {
      this.listener.answered(data);
    }
  }
}
