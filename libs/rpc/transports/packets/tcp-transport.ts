import type { ContextName } from '@fissile/kit/contract';
import { internalTlsOf } from '../internal-tls.js';
import { NestTcpClient, NestTcpServer, type TcpPlace } from '../nest/nest-tcp.js';
import { longestFrame, readFrame } from './frame.js';
import { CallPacket } from './packet.js';
import type { Admit, RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { PacketServer } from './packet-server.js';

/** Calls over plain TCP: only frames, on one connection. */
export function tcpTransport(settings: TransportSettings): RpcTransport {
  const { TRANSPORT_PREFIX: prefix, CALL_LIMIT_BYTES } = settings;
  const files = internalTlsOf(settings);
  const longest = longestFrame(CALL_LIMIT_BYTES);
  return {
    broker: undefined,
    clientKey: ({ address, port }) => `${address}:${port}`,
    connect: ({ address: host, port }) =>
      new PacketClient((listener) => new TcpSender({ host, port, longest, files }, listener)),
    serve: ({ host, port, contexts, admit }, handler) => {
      const server = new NestTcpServer({ host, port, longest, files }, admit && admitHead(admit));
      return new PacketServer(server, { prefix, contexts }, handler);
    },
  };
}

/** Who has sent a long frame is known by its head. */
function admitHead(admit: Admit): (head: Buffer) => Promise<void> {
  return async (head) => admit(CallPacket.parse(readFrame(head)?.head).metadata);
}

class TcpSender implements FrameSender {
  private readonly client: NestTcpClient;
  private readonly longest: number;

  constructor(
    place: TcpPlace,
    private readonly listener: FrameListener,
  ) {
    this.longest = place.longest;
    this.client = new NestTcpClient(place, listener);
  }

  connect(): Promise<unknown> {
    return this.client.connect();
  }

  sendCall({ id, frame }: SentCall): void {
    const { connection } = this.client;
    if (!connection) throw new Error('the connection is gone');
    if (frame.length > this.longest) throw new Error('the call is longer than any may be');
    connection.sendMessage(frame, (error) => this.listener.failed(id, error));
  }

  sendCancel(_context: ContextName, frame: Buffer): void {
    this.client.connection?.sendMessage(frame);
  }

  close(): void {
    this.client.close();
  }
}
