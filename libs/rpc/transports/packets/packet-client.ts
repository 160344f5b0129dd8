import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { TlsReports } from '@fissile/kit/config';
import { ContextError, type ContextName } from '@fissile/kit/contract';
import { asError } from '@fissile/kit/async';
import type { OutgoingCall, RpcClient } from '../rpc.js';
import { errorFromWire, transportFailure } from '../wire-error.js';
import { readFrame, writeFrame } from './frame.js';
import { type FrameSeal, NO_SEAL } from './frame-seal.js';
import type { AnswerPacket } from './packet.js';

/** A call in the form that one of Nest's clients sends. */
export interface SentCall {
  readonly id: string;
  readonly context: ContextName;
  readonly frame: Buffer;
  /** Milliseconds until the call expires. */
  readonly timeoutMs: number;
}

/** One of Nest's clients for TCP, NATS, RabbitMQ or Redis, sending frames. */
export interface FrameSender {
  /** Whether a call can be sent at once, without `connect`; when undefined, each call connects first. */
  readonly isOpen?: boolean;
  readonly tlsReports?: TlsReports;
  /** Rejects while there is no connection over which that context can be called and answer. */
  connect(context: ContextName): Promise<unknown>;
  /** The address for responses of a context, where the server needs one. */
  replyTo?(context: ContextName): string;
  sendCall(call: SentCall): void;
  sendCancel(context: ContextName, frame: Buffer): void;
  close(): unknown;
}

/** The callbacks of a sender. */
export interface FrameListener {
  /** @param by the context from which alone it can come, where the broker knows */
  answered(frame: Uint8Array, by?: ContextName): void;
  /** That call reached no receiver. */
  failed(id: string, reason: unknown): void;
  /** The connection is lost, and with it all pending responses. */
  lost(): void;
}

interface WaitingCall {
  readonly context: ContextName;
  resolve(body: Uint8Array): void;
  reject(error: Error): void;
}

/** Calls over one of Nest's clients that send frames. */
export class PacketClient<Sender extends FrameSender = FrameSender> implements RpcClient, FrameListener {
  private readonly logger = new Logger(PacketClient.name);
  private readonly waiting = new Map<string, WaitingCall>();
  private readonly name = randomBytes(9).toString('base64url');
  private calls = 0;
  readonly sender: Sender;

  /** @param seal of a broker that carries the frames */
  constructor(
    senderFor: (listener: FrameListener) => Sender,
    private readonly seal: FrameSeal = NO_SEAL,
  ) {
    this.sender = senderFor(this);
  }

  async call(call: OutgoingCall): Promise<Uint8Array> {
    const { context, cancellation } = call;
    if (!this.sender.isOpen) await this.connect(call);
    cancellation.throwIfCancelled();
    return new Promise((resolve, reject) => this.send(call, { context, resolve, reject }));
  }

  async close(): Promise<void> {
    await this.sender.close();
  }

  answered(bytes: Uint8Array, by?: ContextName): void {
    const opened = this.seal.open('answer', bytes);
    const { head, body } = (opened && readFrame(opened.frame)) ?? {};
    const answer = head as Partial<AnswerPacket> | null | undefined;
    const call = this.waiting.get(String(answer?.id));
    if (!call || !answer || !body || (by !== undefined && by !== call.context)) return;
    if (answer.error === undefined) call.resolve(body);
    else call.reject(errorFromWire(answer.error));
  }

  failed(id: string, reason: unknown): void {
    const call = this.waiting.get(id);
    if (!call) return;
    this.logger.debug(`${call.context}: ${String(reason)}`);
    call.reject(transportFailure(call.context));
  }

  lost(): void {
    for (const { context, reject } of [...this.waiting.values()]) reject(transportFailure(context));
  }

  private async connect({ context, cancellation }: OutgoingCall): Promise<void> {
    try {
      // A connection attempt to a host that vanished hangs for minutes, longer than any caller waits.
      await cancellation.race(this.sender.connect(context));
    } catch (error) {
      cancellation.throwIfCancelled();
      this.logger.debug(`${context}: ${String(error)}`);
      this.sender.tlsReports?.add(error);
      throw transportFailure(context);
    }
  }

  private send(
    { context, service, method, body, metadata, timeoutMs, cancellation }: OutgoingCall,
    { resolve, reject }: WaitingCall,
  ): void {
    const id = `${this.name}${(this.calls += 1).toString(36)}`;
    const settled = (): void => {
      this.waiting.delete(id);
      cancellation.offCancel(leave);
    };
    const leave = (): void => {
      settled();
      this.callOff(id, context, cancellation.reason);
      reject(asError(cancellation.reason));
    };
    this.waiting.set(id, {
      context,
      resolve: (answer) => {
        settled();
        resolve(answer);
      },
      reject: (error) => {
        settled();
        reject(error);
      },
    });
    cancellation.onCancel(leave);
    const replyTo = this.sender.replyTo?.(context);
    const packet = { id, context, service, method, metadata, timeoutMs, replyTo };
    try {
      this.sender.sendCall({
        id,
        context,
        frame: this.seal.seal('call', writeFrame(packet, body)),
        timeoutMs,
      });
    } catch (error) {
      this.failed(id, error);
    }
  }

  /** The remote side knows the deadline; a cancellation by the caller must be sent. */
  private callOff(id: string, context: ContextName, reason: unknown): void {
    if (reason instanceof ContextError && reason.code === 'deadline_exceeded') return;
    try {
      this.sender.sendCancel(context, this.seal.seal('call', writeFrame({ cancelled: id })));
    } catch (error) {
      this.logger.debug(`${context} cannot be told that a call is off: ${String(error)}`);
    }
  }
}
