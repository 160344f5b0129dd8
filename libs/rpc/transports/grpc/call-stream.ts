import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import type { ContextName } from '@fissile/kit/contract';
import { INTERNAL_TOKEN } from '@fissile/kit/request';
import { longestFrame } from '../packets/frame.js';
import { FramePacker, framesOf, FULL_PACK } from '../packets/frame-packer.js';
import type { FrameListener, FrameSender, SentCall } from '../packets/packet-client.js';
import type { OutgoingCall } from '../rpc.js';

/** A method outside the contracts: packs of frames in both directions, for the lifetime of the connection. */
export const EXCHANGE = '/fissile.transport.v1.Calls/Exchange';

/** In bytes: a full pack plus one more frame. */
export function longestPack(limit: number): number {
  return FULL_PACK + longestFrame(limit) + 1024;
}

const MOST_UNSENT = 128 * 1024 * 1024;

export type CallStreamConnection = ClientDuplexStream<Buffer, Buffer>;

/** Sends calls as frames in one stream; opens it when there is none. */
export class CallStream implements FrameSender {
  /** Of the last call that has opened the stream, which it shows who it is by. */
  private token: string | undefined;
  private stream: CallStreamConnection | undefined;
  private opening: Promise<void> | undefined;
  private unsent = 0;
  private readonly outgoing = new FramePacker((pack) => this.write(pack));

  constructor(
    private readonly open: (metadata: Metadata) => CallStreamConnection,
    private readonly listener: FrameListener,
    private readonly limit: number,
  ) {}

  get isOpen(): boolean {
    return this.stream !== undefined;
  }

  /** Shows the server of the stream the token of a call. */
  showTokenOf({ metadata }: Pick<OutgoingCall, 'metadata'>): void {
    this.token = metadata[INTERNAL_TOKEN];
  }

  /** Rejects with the gRPC status when the remote side is unavailable, or does not implement the method. */
  async connect(): Promise<void> {
    if (this.stream) return;
    await (this.opening ??= this.start().finally(() => (this.opening = undefined)));
  }

  sendCall({ frame }: SentCall): void {
    if (!this.stream) throw new Error('the stream is gone');
    if (frame.length > longestFrame(this.limit)) throw new Error('the call is longer than any may be');
    this.outgoing.add(frame);
  }

  sendCancel(_context: ContextName, frame: Buffer): void {
    if (this.stream) this.outgoing.add(frame);
  }

  close(): void {
    this.stream?.cancel();
  }

  private start(): Promise<void> {
    const metadata = new Metadata();
    if (this.token !== undefined) metadata.set(INTERNAL_TOKEN, this.token);
    const stream = this.open(metadata);
    return new Promise((resolve, reject) => {
      // The remote side sends its metadata before it accepts a frame.
      stream.once('metadata', () => {
        this.stream = stream;
        this.unsent = 0;
        resolve();
      });
      stream.on('data', (pack: Buffer) => {
        for (const frame of framesOf(pack)) this.listener.answered(frame);
      });
      // The `status` event reports the same, and always fires.
      stream.on('error', () => undefined);
      stream.once('status', (status) => {
        reject(Object.assign(new Error(status.details), { code: status.code }));
        if (this.stream === stream) this.lose();
      });
    });
  }

  private lose(): void {
    this.stream = undefined;
    this.listener.lost();
  }

  private write(pack: Buffer): void {
    const { stream } = this;
    if (!stream) return;
    this.unsent += pack.length;
    stream.write(pack, () => {
      if (this.stream === stream) this.unsent -= pack.length;
    });
    // A peer that does not read must not fill the memory of this process.
    if (this.unsent > MOST_UNSENT) stream.cancel();
  }
}
