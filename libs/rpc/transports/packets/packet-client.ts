import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { TlsReports } from '@fissile/kit/config';
import { ContextError, type ContextName } from '@fissile/kit/contract';
import { asError } from '@fissile/kit/async';
import type { OutgoingCall, RpcClient } from '../rpc.js';
import { CallWatch, type WatchedCall } from './call-watch.js';
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
  /** Sends a question to all instances of a context, where a broker can lose calls and has a way to all. */
  sendAsk?(context: ContextName, frame: Buffer): void;
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
  readonly watch: CallWatch | undefined;
  resolve(body: Uint8Array): void;
  reject(error: Error): void;
}

/** The ends of the promise of a call. */
type Ends = Pick<WaitingCall, 'resolve' | 'reject'>;

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
    const { cancellation } = call;
    if (!this.sender.isOpen) await this.connect(call);
    cancellation.throwIfCancelled();
    return new Promise((resolve, reject) => this.begin(call, { resolve, reject }));
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
    if (answer.underWay) call.watch?.askLater();
    else if (answer.error === undefined) call.resolve(body);
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

  /** Sends a call, and again under another id when it was lost; the first answer counts. */
  private begin(call: OutgoingCall, { resolve, reject }: Ends): void {
    const { context, cancellation } = call;
    const endAt = performance.now() + call.timeoutMs;
    const ids: string[] = [];
    const send = (): void => {
      const id = `${this.name}${(this.calls += 1).toString(36)}`;
      ids.push(id);
      this.waiting.set(id, waiting);
      // The head is text, in which a whole number is shorter.
      this.send(id, call, Math.ceil(endAt - performance.now()));
    };
    const settled = (): void => {
      waiting.watch?.end();
      for (const id of ids) this.waiting.delete(id);
      cancellation.offCancel(leave);
    };
    const leave = (): void => {
      settled();
      for (const id of ids) this.callOff(id, context, cancellation.reason);
      reject(asError(cancellation.reason));
    };
    const waiting: WaitingCall = {
      context,
      watch: this.watch(call, { ask: () => this.ask(ids.at(-1) ?? '', context), sendAgain: send }),
      resolve: (answer) => {
        settled();
        resolve(answer);
      },
      reject: (error) => {
        settled();
        reject(error);
      },
    };
    cancellation.onCancel(leave);
    send();
  }

  private watch({ isIdempotent }: OutgoingCall, watched: WatchedCall): CallWatch | undefined {
    return isIdempotent && this.sender.sendAsk ? new CallWatch(watched) : undefined;
  }

  private send(
    id: string,
    { context, service, method, body, metadata }: OutgoingCall,
    timeoutMs: number,
  ): void {
    const replyTo = this.sender.replyTo?.(context);
    const packet = { id, context, service, method, metadata, timeoutMs, replyTo };
    try {
      const frame = this.seal.seal('call', writeFrame(packet, body));
      this.sender.sendCall({ id, context, frame, timeoutMs });
    } catch (error) {
      this.failed(id, error);
    }
  }

  private ask(id: string, context: ContextName): void {
    const packet = { asked: id, replyTo: this.sender.replyTo?.(context) };
    try {
      this.sender.sendAsk?.(context, this.seal.seal('call', writeFrame(packet)));
    } catch (error) {
      this.logger.debug(`${context} cannot be asked for a call: ${String(error)}`);
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
