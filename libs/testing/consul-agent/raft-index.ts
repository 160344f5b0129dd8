/** What woke a reader that waited: a write, the loss of what it read from, or its own patience. */
type Woken = 'written' | 'abandoned' | 'gave up';

/** The index that every write raises, as Consul's log does, and those who wait for the next write. */
export class RaftIndex {
  private readonly waiting = new Set<(woken: Woken) => void>();

  constructor(private last = 11) {}

  get value(): number {
    return this.last;
  }

  /** How many wait now. */
  get readersWaiting(): number {
    return this.waiting.size;
  }

  /** The index of a new write. Waiting readers check again when the write is done. */
  advance(): number {
    this.last += 1;
    queueMicrotask(() => this.wake('written'));
    return this.last;
  }

  /** As after a snapshot is restored: the index is what it was then, and nobody goes on waiting. */
  restore(index: number): void {
    this.last = index;
    this.wake('abandoned');
  }

  wait(signal: AbortSignal): Promise<Woken> {
    return new Promise((resolve) => {
      const giveUp = (): void => settle('gave up');
      const settle = (woken: Woken): void => {
        this.waiting.delete(settle);
        signal.removeEventListener('abort', giveUp);
        resolve(woken);
      };
      if (signal.aborted) return settle('gave up');
      signal.addEventListener('abort', giveUp);
      this.waiting.add(settle);
    });
  }

  private wake(woken: Woken): void {
    for (const settle of [...this.waiting]) settle(woken);
  }
}
