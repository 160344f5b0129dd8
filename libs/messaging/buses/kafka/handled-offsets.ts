/** Tracks the offset up to which all messages of a partition are handled, although they are handled concurrently. */
export class HandledOffsets {
  /** For each message from the first unhandled one on, in order: whether it is handled. */
  private readonly begun = new Map<bigint, boolean>();
  private next: bigint | undefined;
  private committedNext: bigint | undefined;

  /** Must be called in the order of the partition. */
  begin(offset: bigint): void {
    this.begun.set(offset, false);
  }

  handled(offset: bigint): void {
    this.begun.set(offset, true);
    for (const [first, isHandled] of this.begun) {
      if (!isHandled) return;
      this.begun.delete(first);
      this.next = first + 1n;
    }
  }

  committed(offset: bigint): void {
    this.committedNext = offset;
  }

  /** The offset to resume from, since all before it are handled; undefined when it is already committed. */
  get toCommit(): bigint | undefined {
    return this.next === this.committedNext ? undefined : this.next;
  }
}
