import { Logger } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { ContextError, type ContextName } from '#libs/contracts';
import { asError } from '../as-error.js';
import { Ending } from '../ending.js';
import { listening } from '../listening.js';
import type { RpcHandler, RpcServer } from '../rpc.js';
import { errorToWire } from '../wire-error.js';
import { type Frame, readFrame, writeFrame } from './frame.js';
import { callPattern, CallPacket, cancelPattern, CancelPacket } from './packet.js';

const LINGER_MS = 50;

/** Takes a frame that has arrived; the answer goes to where the packet says, or back to where it came from. */
export type TakeFrame = (frame: Uint8Array, respond: Respond) => void;

export type Respond = (answer: Buffer, packet: CallPacket) => void;

/** One of Nest's servers for TCP, NATS, RabbitMQ and Redis, carrying frames. */
export interface FrameReceiver {
  readonly status: Observable<string>;
  addHandler(pattern: string, handler: never, isEvent?: boolean, extras?: object): void;
  listen(callback: (error?: unknown) => void): unknown;
  close(): unknown;
  /**
   * Whether this process is the one to serve a call that all instances receive.
   * @param underWay how many calls it serves now
   */
  claim?(packet: CallPacket, underWay: number): Promise<boolean>;
}

export interface PacketServerOptions {
  readonly prefix: string;
  readonly contexts: readonly ContextName[];
}

/** Serves calls over one of Nest's servers that carry frames. */
export class PacketServer implements RpcServer {
  private readonly underWay = new Map<string, Ending>();
  private readonly logger = new Logger(PacketServer.name);
  private connected = false;

  constructor(
    private readonly receiver: FrameReceiver,
    { prefix, contexts }: PacketServerOptions,
    private readonly handler: RpcHandler,
  ) {
    // Nest keeps what it is told of a handler on the function, so each pattern has one of its own.
    const taking = (): TakeFrame => (frame, respond) => this.take(frame, respond);
    for (const context of contexts) {
      const pattern = callPattern(prefix, context);
      // The instances of a context share its calls; each is told which are called off.
      receiver.addHandler(pattern, taking() as never, false, { queue: pattern });
      receiver.addHandler(cancelPattern(prefix, context), taking() as never);
    }
    receiver.status.subscribe((status: string) => (this.connected = status === 'connected'));
  }

  async listen(): Promise<void> {
    await listening(this.receiver);
    this.connected = true;
  }

  isConnected(): boolean {
    return this.connected;
  }

  async close(): Promise<void> {
    this.connected = false;
    // The receivers do not tell when the last answers have left.
    await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    try {
      await this.receiver.close();
    } catch (error) {
      this.logger.debug(`The server of calls was not closed in order: ${asError(error).message}`);
    }
  }

  private take(bytes: Uint8Array, respond: Respond): void {
    const frame = readFrame(bytes);
    const call = frame && CallPacket.safeParse(frame.head);
    if (call?.success) void this.serve(call.data, frame?.body ?? bytes, respond);
    else if (frame) this.takeOther(frame, respond);
  }

  private async serve(packet: CallPacket, body: Uint8Array, respond: Respond): Promise<void> {
    const { id } = packet;
    const ending = new Ending();
    this.underWay.set(id, ending);
    try {
      if (this.receiver.claim && !(await this.receiver.claim(packet, this.underWay.size - 1))) return;
      const answer = await this.answer(packet, body, ending);
      respond(answer, packet);
    } catch (error) {
      // The caller notices at its deadline.
      this.logger.debug(`An answer has not left: ${asError(error).message}`);
    } finally {
      this.underWay.delete(id);
    }
  }

  private async answer(packet: CallPacket, body: Uint8Array, ending: Ending): Promise<Buffer> {
    const { id } = packet;
    try {
      return writeFrame({ id }, await this.handler({ ...packet, body, ending }));
    } catch (error) {
      return writeFrame({ id, error: errorToWire(error) });
    }
  }

  private takeOther({ head }: Frame, respond: Respond): void {
    const cancelled = CancelPacket.safeParse(head);
    if (cancelled.success) {
      this.underWay.get(cancelled.data.cancelled)?.end(ContextError.of('cancelled'));
      return;
    }
    // Whoever has sent it may at least learn that it cannot be read.
    const { id } = (head ?? {}) as { id?: unknown };
    if (typeof id !== 'string') return;
    const error = errorToWire(ContextError.of('malformed_request'));
    respond(writeFrame({ id, error }), head as CallPacket);
  }
}
