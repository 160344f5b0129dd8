import { TcpSocket } from '@nestjs/microservices';
import type { Socket } from 'node:net';
import { FramePacker } from '../packets/frame-packer.js';
import { MOST_UNPROVEN } from '../rpc.js';

const LENGTH_BYTES = 4;
const MOST_UNSENT = 128 * 1024 * 1024;
const REST_WITHIN_MS = 30_000;

/** What a connection takes. */
export interface FrameLimits {
  /** The longest frame, in bytes. */
  readonly longest: number;
  /** Rejects when the head of a frame, with its length, does not show who has sent it; without it none needs to. */
  readonly admit?: ((head: Buffer) => Promise<void>) | undefined;
}

/** Sends frames over a connection, each prefixed with its length in four bytes; batches those of one turn. */
export class FrameSocket extends TcpSocket {
  private readonly outgoing = new FramePacker((pack) => this.write(pack));
  private incoming: Buffer[] = [];
  private arrived = 0;
  /** The bytes needed to go on: to complete the next frame, its length prefix included, or its head. */
  private wanted = LENGTH_BYTES;
  /** Whether the next frame may be as long as any. */
  private isAdmitted = false;

  constructor(
    socket: Socket,
    private readonly limits: FrameLimits,
  ) {
    super(socket);
    socket.setNoDelay(true);
    // A peer that stops in the middle of a frame would hold memory for nothing.
    socket.on('timeout', () => socket.destroy());
  }

  protected handleSend(frame: Buffer): void {
    this.outgoing.add(frame);
  }

  protected handleData(data: Buffer): void {
    this.incoming.push(data);
    this.arrived += data.length;
    if (this.arrived < this.wanted) return;
    const rest = this.takeFrames(this.incoming.length === 1 ? data : Buffer.concat(this.incoming));
    this.incoming = rest.length > 0 ? [rest] : [];
    this.arrived = rest.length;
    this.socket.setTimeout(rest.length > 0 ? REST_WITHIN_MS : 0);
  }

  /** Returns the remaining bytes. Closes the connection when a frame exceeds the maximum length. */
  private takeFrames(bytes: Buffer): Buffer {
    let at = 0;
    for (;;) {
      this.wanted = LENGTH_BYTES;
      if (bytes.length - at < LENGTH_BYTES) break;
      const length = bytes.readUInt32BE(at);
      if (length > this.limits.longest) return this.refuse();
      const whole = LENGTH_BYTES + length;
      const next = bytes.subarray(at);
      this.wanted = this.mayBeLong(length) ? whole : headEndIn(next);
      if (this.wanted > whole || (this.wanted < whole && this.wanted > MOST_UNPROVEN)) return this.refuse();
      if (next.length < this.wanted) break;
      if (this.wanted < whole) {
        void this.admit(next.subarray(LENGTH_BYTES, this.wanted));
        break;
      }
      this.isAdmitted = false;
      this.socket.emit('message', bytes.subarray(at + LENGTH_BYTES, at + this.wanted));
      at += this.wanted;
    }
    return at === 0 ? bytes : bytes.subarray(at);
  }

  private mayBeLong(length: number): boolean {
    return length <= MOST_UNPROVEN || this.isAdmitted || !this.limits.admit;
  }

  /** Takes no more of a long frame before its head shows who has sent it. */
  private async admit(head: Buffer): Promise<void> {
    this.wanted = Infinity;
    this.socket.pause();
    try {
      await this.limits.admit?.(head);
    } catch {
      this.refuse();
      return;
    }
    this.isAdmitted = true;
    this.wanted = 0;
    this.handleData(Buffer.alloc(0));
    this.socket.resume();
  }

  private refuse(): Buffer {
    this.socket.destroy();
    return Buffer.alloc(0);
  }

  private write(pack: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(pack);
    if (this.socket.writableLength > MOST_UNSENT) this.socket.destroy();
  }
}

/** The server side: stops reading calls from a peer that does not read the responses. */
export class ServingFrameSocket extends FrameSocket {
  protected override handleSend(frame: Buffer): void {
    super.handleSend(frame);
    if (!this.socket.writableNeedDrain || this.socket.isPaused()) return;
    this.socket.pause();
    this.socket.once('drain', () => this.socket.resume());
  }
}

/** The class of sockets that Nest makes, for frames within limits. */
export function limited(Kind: typeof FrameSocket, limits: FrameLimits): new (socket: Socket) => FrameSocket {
  return class extends Kind {
    constructor(socket: Socket) {
      super(socket, limits);
    }
  };
}

/** How many bytes there are to the end of the head, as far as they say it: the two lengths and the head. */
function headEndIn(frame: Buffer): number {
  const headAt = 2 * LENGTH_BYTES;
  return frame.length < headAt ? headAt : headAt + frame.readUInt32BE(LENGTH_BYTES);
}
