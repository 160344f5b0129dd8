const LENGTH_BYTES = 4;

/**
 * In bytes. Beyond this, the frames of one turn are sent in several packs, since the receiver buffers a whole pack.
 */
export const FULL_PACK = 1024 * 1024;

/** Batches the frames of one event-loop turn into one pack, each frame prefixed with its length in four bytes. */
export class FramePacker {
  private frames: Buffer[] = [];

  constructor(private readonly write: (pack: Buffer) => void) {}

  add(frame: Buffer): void {
    if (this.frames.length === 0) setImmediate(() => this.flush());
    this.frames.push(frame);
  }

  /** Flushes the pending frames, without waiting for the end of the turn. */
  flush(): void {
    const frames = this.frames;
    this.frames = [];
    for (let from = 0; from < frames.length;) {
      const to = endOfPack(frames, from);
      this.write(packFrames(frames.slice(from, to)));
      from = to;
    }
  }
}

function endOfPack(frames: readonly Buffer[], from: number): number {
  let to = from;
  for (let size = 0; to < frames.length && size < FULL_PACK; to += 1) {
    size += LENGTH_BYTES + (frames[to]?.length ?? 0);
  }
  return to;
}

function packFrames(frames: readonly Buffer[]): Buffer {
  const size = frames.reduce((sum, frame) => sum + LENGTH_BYTES + frame.length, 0);
  const pack = Buffer.allocUnsafe(size);
  let at = 0;
  for (const frame of frames) {
    at = pack.writeUInt32BE(frame.length, at);
    at += frame.copy(pack, at);
  }
  return pack;
}

/** The frames of a complete pack; ignores a truncated frame. */
export function* framesOf(pack: Buffer): Generator<Buffer> {
  let at = 0;
  while (pack.length - at >= LENGTH_BYTES) {
    const from = at + LENGTH_BYTES;
    at = from + pack.readUInt32BE(at);
    if (at > pack.length) return;
    yield pack.subarray(from, at);
  }
}
