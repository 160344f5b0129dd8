import { ClientTCP, ServerTCP, type TcpSocket } from '@nestjs/microservices';
import type { FrameListener } from '../packets/packet-client.js';
import type { FrameReceiver, Inlet } from '../packets/packet-server.js';
import type { TakeFrame } from '../packets/served-calls.js';
import { FrameSocket, limited, ServingFrameSocket } from './frame-socket.js';

export interface TcpPlace {
  readonly host: string;
  readonly port: number;
  /** The longest frame in bytes that is taken. */
  readonly longest: number;
}

/** Nest connects and reports; frames take the place of its JSON packets. */
export class NestTcpClient extends ClientTCP {
  constructor(
    { host, port, longest }: TcpPlace,
    private readonly listener: Pick<FrameListener, 'answered' | 'lost'>,
  ) {
    super({ host, port, socketClass: limited(FrameSocket, longest) });
  }

  get connection(): TcpSocket | undefined {
    return this.socket ?? undefined;
  }

  override async handleResponse(frame: unknown): Promise<void> {
    this.listener.answered(frame as Uint8Array);
  }

  override handleClose(): void {
    super.handleClose();
    this.listener.lost();
  }
}

/** Nest listens and tracks the connections. */
export class NestTcpServer extends ServerTCP implements FrameReceiver {
  private take: TakeFrame | undefined;

  constructor({ host, port, longest }: TcpPlace) {
    super({ host, port, socketClass: limited(ServingFrameSocket, longest) });
  }

  /** One connection carries the calls of all contexts of this process. */
  receive(_inlets: readonly Inlet[], take: TakeFrame): void {
    this.take = take;
  }

  override async handleMessage(socket: TcpSocket, frame: unknown): Promise<void> {
    this.take?.(frame as Uint8Array, (answer) => socket.sendMessage(answer));
  }
  /** That the port is taken is the outcome of `listen`, and is reported there. */
  override handleError(error: unknown): void {
    if ((error as { code?: string }).code !== 'EADDRINUSE') super.handleError(error as string);
  }
}
