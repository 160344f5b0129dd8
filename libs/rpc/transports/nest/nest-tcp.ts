import { ClientTCP, ServerTCP, type TcpSocket } from '@nestjs/microservices';
import { type Server as TlsServer } from 'node:tls';
import { type TlsFiles, TlsReports } from '@fissile/kit/config';
import type { FrameListener } from '../packets/packet-client.js';
import type { FrameReceiver, Inlet } from '../packets/packet-server.js';
import type { TakeFrame } from '../packets/served-calls.js';
import { type FrameLimits, FrameSocket, limited, ServingFrameSocket } from './frame-socket.js';

export interface TcpPlace {
  readonly host: string;
  readonly port: number;
  /** Where both sides have a certificate and check that of the other. */
  readonly files?: TlsFiles | undefined;
  /** The longest frame in bytes that is taken. */
  readonly longest: number;
}

/** Nest connects and reports; frames take the place of its JSON packets. */
export class NestTcpClient extends ClientTCP {
  private readonly tlsReports = new TlsReports('INTERNAL');

  constructor(
    { files, longest, ...place }: TcpPlace,
    private readonly listener: Pick<FrameListener, 'answered' | 'lost'>,
  ) {
    super({
      ...place,
      socketClass: limited(FrameSocket, { longest }),
      ...(files && { tlsOptions: files.readAtEachUse() }),
    });
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

  /** It is connected before TLS is. */
  override handleError(error: unknown): void {
    this.tlsReports.add(error);
    super.handleError(error);
  }
}

/** Nest listens and tracks the connections. */
export class NestTcpServer extends ServerTCP implements FrameReceiver {
  private take: TakeFrame | undefined;
  private readonly endWatch: () => void;

  constructor({ files, longest, ...place }: TcpPlace, admit?: FrameLimits['admit']) {
    super({
      ...place,
      socketClass: limited(ServingFrameSocket, { longest, admit }),
      ...(files && { tlsOptions: { ...files.read(), requestCert: true, rejectUnauthorized: true } }),
    });
    const renew = (): void => (this.server as unknown as TlsServer).setSecureContext(files?.read() ?? {});
    this.endWatch = files?.onChange(renew) ?? (() => undefined);
  }

  override close(): void {
    this.endWatch();
    super.close();
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
