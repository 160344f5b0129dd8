import { Logger } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { asError, CancellationToken } from '@fissile/kit/async';
import type { RpcHandler } from '../rpc.js';
import { errorToWire } from '../wire-error.js';
import { type FrameSeal, NO_SEAL } from './frame-seal.js';
import { type Frame, readFrame, writeFrame } from './frame.js';
import { AskPacket, CallPacket, CancelPacket } from './packet.js';

/** Handles a received frame; the response goes to the address in the packet, or back to the sender. */
export type TakeFrame = (frame: Uint8Array, respond: Respond) => void;

export type Respond = (answer: Buffer, packet: CallPacket | AskPacket) => void;

/**
 * Whether this process serves a call that all instances receive.
 * @param underWay the number of calls in progress
 */
export type Claim = (packet: CallPacket, underWay: number) => Promise<boolean>;

/** The received calls in progress, until they are answered or cancelled. */
export class ServedCalls {
  private readonly logger = new Logger(ServedCalls.name);
  private readonly underWay = new Map<string, CancellationToken>();

  constructor(
    private readonly handler: RpcHandler,
    private readonly claim?: Claim,
    private readonly seal: FrameSeal = NO_SEAL,
  ) {}

  take(bytes: Uint8Array, send: Respond): void {
    const opened = this.seal.open('call', bytes);
    if (!opened) return;
    // Who does not seal could not open the answer either.
    const respond: Respond = (answer, packet) =>
      send(this.seal.seal('answer', answer, opened.wasPlain), packet);
    const frame = readFrame(opened.frame);
    const call = frame && CallPacket.safeParse(frame.head);
    if (call?.success) void this.serve(call.data, frame?.body ?? opened.frame, respond);
    else if (frame) this.takeOther(frame, respond);
  }

  /** The peer that made these calls disconnected. */
  callOffAll(): void {
    for (const cancellation of this.underWay.values()) cancellation.cancel(ContextError.of('cancelled'));
  }

  private async serve(packet: CallPacket, body: Uint8Array, respond: Respond): Promise<void> {
    const { id } = packet;
    const cancellation = new CancellationToken();
    this.underWay.set(id, cancellation);
    try {
      if (this.claim && !(await this.claim(packet, this.underWay.size - 1))) return;
      const answer = await this.answer(packet, body, cancellation);
      respond(answer, packet);
    } catch (error) {
      // The caller times out at its deadline.
      this.logger.debug(`An answer has not left: ${asError(error).message}`);
    } finally {
      this.underWay.delete(id);
    }
  }

  private async answer(
    packet: CallPacket,
    body: Uint8Array,
    cancellation: CancellationToken,
  ): Promise<Buffer> {
    const { id } = packet;
    try {
      return writeFrame({ id }, await this.handler({ ...packet, body, cancellation }));
    } catch (error) {
      return writeFrame({ id, error: errorToWire(error) });
    }
  }

  private takeOther({ head }: Frame, respond: Respond): void {
    const cancelled = CancelPacket.safeParse(head);
    if (cancelled.success) {
      this.underWay.get(cancelled.data.cancelled)?.cancel(ContextError.of('cancelled'));
      return;
    }
    const ask = AskPacket.safeParse(head);
    if (ask.success) {
      const { asked: id } = ask.data;
      if (this.underWay.has(id)) respond(writeFrame({ id, underWay: true }), ask.data);
      return;
    }
    // The sender at least learns that the packet is malformed.
    const { id } = (head ?? {}) as { id?: unknown };
    if (typeof id !== 'string') return;
    const error = errorToWire(ContextError.of('malformed_request'));
    respond(writeFrame({ id, error }), head as CallPacket);
  }
}
