import { TcpSocket } from '@nestjs/microservices';
import type { Socket } from 'node:net';
import { FramePacker } from '../packets/frame-packer.js';

const LENGTH_BYTES = 4;
const MOST_UNSENT = 128 * 1024 * 1024;
const REST_WITHIN_MS = 30_000;

/** Sends frames over a connection, each prefixed with its length in four bytes; batches those of one turn. */
export class FrameSocket extends TcpSocket {
  private readonly outgoing = new FramePacker((pack) => this.write(pack));
  private incoming: Buffer[] = [];
  private arrived = 0;
  /** The bytes needed to complete the next frame, its length prefix included. */
  private wanted = LENGTH_BYTES;

  /** @param longest the longest frame in bytes that it takes */
  constructor(
    socket: Socket,
    private readonly longest: number,
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
      if (length > this.longest) {
        this.socket.destroy();
        return Buffer.alloc(0);
      }
      this.wanted += length;
      if (bytes.length - at < this.wanted) break;
      this.socket.emit('message', bytes.subarray(at + LENGTH_BYTES, at + this.wanted));
      at += this.wanted;
    }
    return at === 0 ? bytes : bytes.subarray(at);
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

/** The class of sockets that Nest makes, for frames up to a length. */
export function limited(Kind: typeof FrameSocket, longest: number): new (socket: Socket) => FrameSocket {
  return class extends Kind {
    constructor(socket: Socket) {
      super(socket, longest);
    }
  };
}
