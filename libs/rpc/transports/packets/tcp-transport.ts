import { ClientTCP, ServerTCP, type TcpSocket } from '@nestjs/microservices';
import type { ContextName } from '@fissile/kit/contract';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { FrameSocket, ServingFrameSocket } from './frame-socket.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { PacketServer } from './packet-server.js';
import type { TakeFrame } from './served-calls.js';

/** Calls over plain TCP: only frames, on one connection. */
export function tcpTransport({ TRANSPORT_PREFIX: prefix }: TransportSettings): RpcTransport {
  return {
    broker: undefined,
    clientKey: ({ address, port }) => `${address}:${port}`,
    connect: ({ address: host, port }) =>
      new PacketClient((listener) => new FrameClientTcp({ host, port }, listener)),
    serve: ({ host, port, contexts }, handler) =>
      new PacketServer(new FrameServerTcp({ host, port }), { prefix, contexts }, handler),
  };
}

class FrameClientTcp extends ClientTCP implements FrameSender {
  constructor(
    place: { host: string; port: number },
    private readonly listener: FrameListener,
  ) {
    super({ ...place, socketClass: FrameSocket });
  }

  sendCall({ id, frame }: SentCall): void {
    if (!this.socket) throw new Error('the connection is gone');
    this.socket.sendMessage(frame, (error) => this.listener.failed(id, error));
  }

  sendCancel(_context: ContextName, frame: Buffer): void {
    this.socket?.sendMessage(frame);
  }

  override async handleResponse(frame: unknown): Promise<void> {
    this.listener.answered(frame as Uint8Array);
  }

  override handleClose(): void {
    super.handleClose();
    this.listener.lost();
  }
}

class FrameServerTcp extends ServerTCP {
  private take: TakeFrame | undefined;

  constructor(place: { host: string; port: number }) {
    super({ ...place, socketClass: ServingFrameSocket });
  }

  /** One connection carries the calls of all contexts of this process. */
  override addHandler(_pattern: unknown, take: never): void {
    this.take = take;
  }

  override async handleMessage(socket: TcpSocket, frame: unknown): Promise<void> {
    this.take?.(frame as Uint8Array, (answer) => socket.sendMessage(answer));
  }
}
