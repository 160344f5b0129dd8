/** Knows up to where all messages of a partition are handled, though they are handled side by side. */
export class HandledOffsets {
  /** The messages from the first that is not handled on, in order: whether each is. */
  private readonly begun = new Map<bigint, boolean>();
  private next: bigint | undefined;
  private committedNext: bigint | undefined;

  /** Called in the order of the partition. */
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

  /** The offset to go on from, since all before it are handled; undefined when it is committed already. */
  get toCommit(): bigint | undefined {
    return this.next === this.committedNext ? undefined : this.next;
  }
}
