import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import type { ContextName } from '@fissile/kit/contract';
import { asError } from '@fissile/kit/async';
import { listening } from '../listening.js';
import type { RpcHandler, RpcServer } from '../rpc.js';
import type { FrameSeal } from './frame-seal.js';
import { callPattern, cancelPattern } from './packet.js';
import { type Claim, ServedCalls, type TakeFrame } from './served-calls.js';

const LINGER_MS = 50;

/** A subject, channel or queue at which frames arrive. */
export interface Inlet {
  readonly pattern: string;
  /** Each frame reaches one instance, where the broker can do that; else all of them. */
  readonly isShared: boolean;
}

/** One of Nest's servers for TCP, NATS, RabbitMQ or Redis, receiving frames. */
export interface FrameReceiver {
  readonly status: Observable<string>;
  /** Called once, before `listen`. */
  receive(inlets: readonly Inlet[], take: TakeFrame): void;
  listen(callback: (error?: unknown) => void): unknown;
  close(): unknown;
  /** Resolves when the broker sends no more calls, which then go to other instances. */
  stopReceiving?(): Promise<void>;
  /** False when no frames arrive although it is connected. */
  readonly isReceiving?: boolean;
  readonly claim?: Claim;
}

export interface PacketServerOptions {
  readonly prefix: string;
  readonly contexts: readonly ContextName[];
  /** Of a broker that carries the frames. */
  readonly seal?: FrameSeal | undefined;
}

/** Serves calls over one of Nest's servers that receive frames. */
export class PacketServer implements RpcServer {
  private readonly logger = new Logger(PacketServer.name);
  private connected = false;

  constructor(
    private readonly receiver: FrameReceiver,
    { prefix, contexts, seal }: PacketServerOptions,
    handler: RpcHandler,
  ) {
    const calls = new ServedCalls(handler, receiver.claim?.bind(receiver), seal);
    // The instances of a context share its calls; each instance receives all cancellations.
    const inlets = contexts.flatMap((context) => [
      { pattern: callPattern(prefix, context), isShared: true },
      { pattern: cancelPattern(prefix, context), isShared: false },
    ]);
    receiver.receive(inlets, (frame, respond) => calls.take(frame, respond));
    receiver.status.subscribe((status: string) => (this.connected = status === 'connected'));
  }

  async listen(): Promise<void> {
    await listening(this.receiver);
    this.connected = true;
  }

  isConnected(): boolean {
    return this.connected && this.receiver.isReceiving !== false;
  }

  async stopReceiving(): Promise<void> {
    await this.receiver.stopReceiving?.();
  }

  async close(): Promise<void> {
    this.connected = false;
    // The receivers do not report when the last responses are flushed.
    await pause(LINGER_MS);
    try {
      await this.receiver.close();
    } catch (error) {
      this.logger.debug(`The server of calls was not closed in order: ${asError(error).message}`);
    }
  }
}
