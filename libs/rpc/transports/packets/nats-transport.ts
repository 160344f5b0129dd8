import { createInbox, credsAuthenticator, type Msg } from '@nats-io/transport-node';
import { TlsReports } from '@fissile/kit/config';
import type { ContextName } from '@fissile/kit/contract';
import { natsConnectionOptions, natsInboxPrefix, type NatsSettings } from '../nats-connection-options.js';
import { NestNatsClient, NestNatsServer } from '../nest/nest-nats.js';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern, cancelPattern } from './packet.js';
import { type FrameSeal, NO_SEAL } from './frame-seal.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { PacketServer } from './packet-server.js';

const NOBODY_THERE = 503;

/**
 * Calls over NATS subjects; the instances of a context form one queue group.
 * @param process the one that calls
 */
export function natsTransport(
  settings: TransportSettings,
  seal: FrameSeal = NO_SEAL,
  process?: string,
): RpcTransport {
  const { TRANSPORT_PREFIX: prefix } = settings;
  return {
    broker: 'nats',
    clientKey: () => 'nats',
    connect: () =>
      new PacketClient((listener) => new NatsSender({ settings, prefix, process }, listener), seal),
    serve: ({ contexts }, handler) => {
      const receiver = new NestNatsServer(connectionTo(settings));
      return new PacketServer(receiver, { prefix, contexts, seal }, handler);
    },
  };
}

function connectionTo(settings: NatsSettings) {
  return {
    ...natsConnectionOptions(settings, credsAuthenticator),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
  };
}

interface Sender {
  readonly settings: NatsSettings;
  readonly prefix: string;
  readonly process: string | undefined;
}

/** All responses to a client arrive at one subject of its own, followed by the call's id. */
class NatsSender implements FrameSender {
  readonly tlsReports = new TlsReports('NATS');
  private readonly prefix: string;
  private readonly inbox: string;
  private readonly client: NestNatsClient;
  private asks = 0;

  constructor(
    { settings, prefix, process }: Sender,
    private readonly listener: FrameListener,
  ) {
    this.prefix = prefix;
    this.inbox = createInbox(natsInboxPrefix(process));
    this.client = new NestNatsClient(connectionTo(settings), {
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

  /**
   * That nobody is there to be asked says nothing of the call, so it is not told by the id of the call. Each question has a reply
   * subject of its own, since an account may answer at each but once.
   */
  sendAsk(context: ContextName, frame: Buffer): void {
    this.asks += 1;
    const reply = `${this.inbox}.asked-${this.asks}`;
    this.client.connection.publish(cancelPattern(this.prefix, context), frame, { reply });
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
