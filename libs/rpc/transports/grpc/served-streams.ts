import { Metadata, type Server, type ServerDuplexStream } from '@grpc/grpc-js';
import { setImmediate } from 'node:timers/promises';
import { FramePacker, framesOf } from '../packets/frame-packer.js';
import { ServedCalls } from '../packets/served-calls.js';
import type { RpcHandler } from '../rpc.js';
import { EXCHANGE } from './call-stream.js';
import { passOn } from './service-package.js';

type Stream = ServerDuplexStream<Buffer, Buffer>;

/** Serves the calls that other processes of the product send as frames, each process in its own stream. */
export class ServedStreams {
  private readonly ends = new Set<() => void>();

  constructor(private readonly handler: RpcHandler) {}

  addToServer(server: Server): void {
    server.register(EXCHANGE, (stream: Stream) => this.serve(stream), passOn, passOn, 'bidi');
  }

  /** Ends the streams after the responses of the current event-loop turn are written. */
  async close(): Promise<void> {
    await setImmediate();
    for (const end of this.ends) end();
  }

  private serve(stream: Stream): void {
    const calls = new ServedCalls(this.handler);
    const outgoing = new FramePacker((pack) => write(stream, pack));
    const end = (): void => {
      outgoing.flush();
      stream.end();
    };
    this.ends.add(end);
    stream.on('data', (pack: Buffer) => {
      for (const frame of framesOf(pack)) calls.take(frame, (answer) => outgoing.add(answer));
    });
    stream.once('end', end);
    stream.on('error', () => undefined);
    // The library emits this however the stream ends.
    stream.once('cancelled', () => {
      this.ends.delete(end);
      calls.callOffAll();
    });
    stream.sendMetadata(new Metadata());
  }
}

/** Stops reading calls from a peer that does not read the responses. */
function write(stream: Stream, pack: Buffer): void {
  if (stream.writableEnded || stream.destroyed) return;
  if (stream.write(pack) || stream.isPaused()) return;
  stream.pause();
  stream.once('drain', () => stream.resume());
}
