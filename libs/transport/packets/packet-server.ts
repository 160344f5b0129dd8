import { Logger } from '@nestjs/common';
import { NEVER, type Observable } from 'rxjs';
import { ContextError, type ContextName } from '#libs/contracts';
import { asError } from '../as-error.js';
import { listening } from '../listening.js';
import type { RpcHandler, RpcServer } from '../rpc.js';
import { errorToWire } from '../wire-error.js';
import { type AnswerPacket, callPattern, CallPacket, cancelPattern, CancelPacket } from './packet.js';

const LINGER_MS = 50;

/** What Nest's servers for TCP, NATS, RabbitMQ and Redis have in common. */
export interface PacketListener {
  readonly status: Observable<string>;
  addHandler(pattern: string, handler: (data: unknown) => never, isEvent: boolean, extras?: object): void;
  listen(callback: (error?: unknown) => void): unknown;
  close(): unknown;
}

export interface PacketServerOptions {
  readonly prefix: string;
  readonly contexts: readonly ContextName[];
  /** Whether this process is the one to serve a call that all instances receive. */
  readonly claim?: (packet: CallPacket) => Promise<boolean>;
}

/** Serves calls over one of Nest's servers that carry packets. */
export class PacketServer implements RpcServer {
  private readonly underWay = new Map<string, AbortController>();
  private readonly logger = new Logger(PacketServer.name);
  private connected = false;

  constructor(
    private readonly listener: PacketListener,
    private readonly options: PacketServerOptions,
    private readonly handler: RpcHandler,
  ) {
    for (const context of options.contexts) {
      const pattern = callPattern(options.prefix, context);
      // The instances of a context share its calls; each is told which are called off.
      listener.addHandler(pattern, (data: unknown) => this.take(data) as never, false, { queue: pattern });
      listener.addHandler(
        cancelPattern(options.prefix, context),
        (data: unknown) => this.callOff(data) as never,
        true,
      );
    }
    listener.status.subscribe((status: string) => (this.connected = status === 'connected'));
  }

  async listen(): Promise<void> {
    await listening(this.listener);
    this.connected = true;
  }

  isConnected(): boolean {
    return this.connected;
  }

  async close(): Promise<void> {
    this.connected = false;
    // The listeners do not tell when the last answers have left.
    await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    try {
      await this.listener.close();
    } catch (error) {
      this.logger.debug(`The server of calls was not closed in order: ${asError(error).message}`);
    }
  }

  private async take(data: unknown): Promise<AnswerPacket | Observable<never>> {
    const { success, data: packet } = CallPacket.safeParse(data);
    if (!success) return { error: errorToWire(ContextError.of('malformed_request')) };
    if (this.options.claim && !(await this.options.claim(packet))) return NEVER;
    const left = new AbortController();
    this.underWay.set(packet.id, left);
    try {
      const body = Buffer.from(packet.body, 'base64');
      const answer = await this.handler({ ...packet, body, signal: left.signal });
      return { body: Buffer.from(answer).toString('base64') };
    } catch (error) {
      return { error: errorToWire(error) };
    } finally {
      this.underWay.delete(packet.id);
    }
  }

  private async callOff(data: unknown): Promise<void> {
    const cancelled = CancelPacket.safeParse(data);
    if (cancelled.success) this.underWay.get(cancelled.data.id)?.abort();
  }
}
